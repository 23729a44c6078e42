import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { SignalsService } from '@backstage/plugin-signals-node';

/** Browsers are told at most so often: each reads anew what it shows. */
const PERIOD_MS = 500;

/**
 * A read model that says when it changed.
 *
 * @public
 */
export interface ChangingModel {
  /** @returns ends the subscription */
  subscribe(onChange: () => void): () => void;
}

/**
 * Tells the browsers that something changed.
 *
 * @remarks
 * It doesn't say what: everybody hears it, and not everybody may see every entity.
 *
 * @public
 */
export class ChangeSignals {
  readonly #signals: SignalsService;
  readonly #logger: LoggerService;
  readonly #channel: string;
  #timer?: ReturnType<typeof setTimeout>;
  #end = () => {};

  static create(options: {
    readonly signals: SignalsService;
    readonly logger: LoggerService;
    readonly channel: string;
  }): ChangeSignals {
    return new ChangeSignals(options);
  }

  private constructor(options: {
    readonly signals: SignalsService;
    readonly logger: LoggerService;
    readonly channel: string;
  }) {
    this.#signals = options.signals;
    this.#logger = options.logger;
    this.#channel = options.channel;
  }

  start(model: ChangingModel): void {
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
        channel: this.#channel,
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
