import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { AlertBook } from './alerts/AlertBook';
import type { PrometheusFleet } from './fleet/PrometheusFleet';
import type { HealthModel } from './model/HealthModel';

/** How long one refresh may take. */
const TIMEOUT_MS = 60_000;

/** Asks the sources again and again, one refresh after the other. */
export class Refresher {
  readonly #options: Parameters<typeof Refresher.create>[0];
  readonly #stopped = new AbortController();
  #timer?: ReturnType<typeof setTimeout>;
  #running: Promise<void> = Promise.resolve();

  static create(options: {
    readonly alerts: AlertBook;
    readonly fleets: readonly PrometheusFleet[];
    readonly logger: LoggerService;
    readonly model: HealthModel;
    readonly periodMs: number;
  }): Refresher {
    return new Refresher(options);
  }

  private constructor(options: Parameters<typeof Refresher.create>[0]) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#refresh();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #refresh(): Promise<void> {
    const { alerts, fleets, logger, model, periodMs } = this.#options;
    const signal = AbortSignal.any([
      this.#stopped.signal,
      AbortSignal.timeout(TIMEOUT_MS),
    ]);
    try {
      const { thresholds } = model;
      await Promise.all([
        alerts.refresh(signal),
        ...fleets.map(fleet => fleet.refresh({ thresholds, signal })),
      ]);
      model.rebuild();
    } catch (error) {
      logger.warn('The health of services could not be judged', toError(error));
    }
    if (!this.#stopped.signal.aborted) {
      this.#timer = setTimeout(() => {
        this.#running = this.#refresh();
      }, periodMs).unref();
    }
  }
}
