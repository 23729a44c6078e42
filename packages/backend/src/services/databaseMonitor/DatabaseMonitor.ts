import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { DatabaseProbe } from './PostgresProbe';

/**
 * What is known about the database.
 *
 * @public
 */
export type DatabaseStatus =
  | { state: 'available' }
  | { state: 'unavailable'; since: Date };

/**
 * Knows at any time whether the portal can reach its database.
 *
 * @public
 */
export interface DatabaseMonitor {
  /** The last known state, without waiting. */
  readonly status: DatabaseStatus;
  /**
   * Asks the database, or reuses an answer that is at most `maxAgeMs` old.
   * Callers at the same time share one query. Never rejects.
   */
  isReachable(options?: { maxAgeMs?: number }): Promise<boolean>;
  /** Calls the listener whenever the state changes. */
  onChange(listener: (status: DatabaseStatus) => void): void;
  /** Calls the listener whenever the database did not answer, even once. */
  onFailure(listener: (error: unknown) => void): void;
}

const PROBE_BUDGET_MS = 500;
/** The second look before requests are turned away; lenient, see below. */
const CONFIRM_BUDGET_MS = 1000;
const RESULT_AGE_MS = 500;
const POLL_AVAILABLE_MS = 1000;
const POLL_UNAVAILABLE_MS = 500;

/**
 * Polls the database once a second.
 *
 * @remarks
 *
 * A single failed probe is enough to answer "not reachable", but it takes two in
 * a row to change the state: the state turns away everybody's requests, and one
 * slow answer on a busy machine must not do that. At worst the state changes
 * 2.5 seconds after the database stops answering.
 *
 * @internal
 */
export class PollingDatabaseMonitor implements DatabaseMonitor {
  readonly #probe: DatabaseProbe;
  readonly #logger: LoggerService;
  readonly #listeners = new Set<(status: DatabaseStatus) => void>();
  readonly #failureListeners = new Set<(error: unknown) => void>();
  #status: DatabaseStatus = { state: 'available' };
  #failures = 0;
  #lastResult: { reachable: boolean; at: number } | undefined;
  #inFlight: Promise<boolean> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  static create(options: {
    probe: DatabaseProbe;
    logger: LoggerService;
  }): PollingDatabaseMonitor {
    return new PollingDatabaseMonitor(options.probe, options.logger);
  }

  private constructor(probe: DatabaseProbe, logger: LoggerService) {
    this.#probe = probe;
    this.#logger = logger;
  }

  get status(): DatabaseStatus {
    return this.#status;
  }

  onChange(listener: (status: DatabaseStatus) => void): void {
    this.#listeners.add(listener);
  }

  onFailure(listener: (error: unknown) => void): void {
    this.#failureListeners.add(listener);
  }

  async isReachable(options?: { maxAgeMs?: number }): Promise<boolean> {
    const maxAgeMs = options?.maxAgeMs ?? RESULT_AGE_MS;
    const last = this.#lastResult;
    if (last && performance.now() - last.at < maxAgeMs) {
      return last.reachable;
    }
    if (!this.#inFlight) {
      this.#inFlight = this.#ask().finally(() => {
        this.#inFlight = undefined;
      });
    }
    return this.#inFlight;
  }

  start(): void {
    this.#schedule(0);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#probe.close();
  }

  async #ask(): Promise<boolean> {
    const budgetMs = this.#failures === 1 ? CONFIRM_BUDGET_MS : PROBE_BUDGET_MS;
    let reachable = true;
    try {
      await this.#probe.check(budgetMs);
      this.#failures = 0;
      this.#become('available');
    } catch (error) {
      reachable = false;
      this.#failures += 1;
      if (this.#failures === 1) {
        // Look again at once, whoever asked the first time.
        this.#schedule(0);
      } else {
        this.#become('unavailable', error);
      }
      this.#failureListeners.forEach(listener => listener(error));
    }
    this.#lastResult = { reachable, at: performance.now() };
    return reachable;
  }

  #become(state: DatabaseStatus['state'], error?: unknown): void {
    if (state === this.#status.state || this.#stopped) {
      return;
    }
    if (state === 'available') {
      this.#logger.info('The database is reachable again');
      this.#status = { state };
    } else {
      this.#logger.error(
        `The database is not reachable, API requests are answered with 503 until it is: ${stringifyError(
          error,
        )}`,
      );
      this.#status = { state, since: new Date() };
    }
    for (const listener of this.#listeners) {
      listener(this.#status);
    }
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) {
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      await this.#inFlight;
      await this.isReachable({ maxAgeMs: 0 });
      if (this.#failures !== 1) {
        this.#schedule(
          this.#status.state === 'available'
            ? POLL_AVAILABLE_MS
            : POLL_UNAVAILABLE_MS,
        );
      }
    }, delayMs);
    this.#timer.unref();
  }
}

/**
 * Stands in where there is no database to watch: always available.
 *
 * @internal
 */
export class UnwatchedDatabaseMonitor implements DatabaseMonitor {
  readonly status: DatabaseStatus = { state: 'available' };

  async isReachable(): Promise<boolean> {
    return true;
  }

  onChange(): void {}

  onFailure(): void {}
}
