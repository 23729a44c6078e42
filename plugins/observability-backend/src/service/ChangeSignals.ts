import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { SignalsService } from '@backstage/plugin-signals-node';
import { OBSERVABILITY_CHANNEL } from '@waystone/plugin-observability-common';
import type { HealthModel } from '../model/HealthModel';

/** Browsers are told at most so often: each reads anew what it shows. */
const PERIOD_MS = 500;

/**
 * Tells the browsers that something changed.
 *
 * @remarks
 * It doesn't say what: everybody hears it, and not everybody may see every service.
 */
export class ChangeSignals {
  readonly #signals: SignalsService;
  readonly #logger: LoggerService;
  #timer?: ReturnType<typeof setTimeout>;
  #end = () => {};

  static create(options: {
    readonly signals: SignalsService;
    readonly logger: LoggerService;
  }): ChangeSignals {
    return new ChangeSignals(options.signals, options.logger);
  }

  private constructor(signals: SignalsService, logger: LoggerService) {
    this.#signals = signals;
    this.#logger = logger;
  }

  start(model: HealthModel): void {
    this.#end = model.subscribe(() => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#publish();
      }, PERIOD_MS).unref();
    });
  }

  stop(): void {
    this.#end();
    clearTimeout(this.#timer);
  }

  async #publish(): Promise<void> {
    try {
      await this.#signals.publish({
        recipients: { type: 'broadcast' },
        channel: OBSERVABILITY_CHANNEL,
        message: { changedAt: new Date().toISOString() },
      });
    } catch (error) {
      this.#logger.warn(
        'Browsers could not be told of a change',
        toError(error),
      );
    }
  }
}
