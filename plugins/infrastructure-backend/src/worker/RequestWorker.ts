import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { LostLeaseError } from '../database/DatabaseRequestStore';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import type { RequestRow } from '../database/RequestRow';
import { RequestProgress } from './RequestProgress';
import type { RequestProgressOptions } from './RequestProgress';

const LEASE_SECONDS = 60;
const CONCURRENCY = 8;

/** What {@link RequestWorker} works with. */
export interface RequestWorkerOptions extends RequestProgressOptions {
  readonly store: DatabaseRequestStore;
  readonly logger: LoggerService;
  /** How long a worker that is gone keeps others from its requests. @defaultValue 60 */
  readonly leaseSeconds?: number;
  /** Between two looks at the table. @defaultValue 1000 */
  readonly pollMs?: number;
}

/**
 * Brings requests on their way: takes those that are due, one worker each, and goes on from what the table and the
 * cluster say. It keeps nothing in memory, so that another one can go on at any point.
 */
export class RequestWorker {
  readonly #options: RequestWorkerOptions;
  readonly #progress: RequestProgress;
  readonly #running = new Set<Promise<void>>();
  #timer?: NodeJS.Timeout;
  #stopped = false;
  #looking?: Promise<void>;
  #again = false;

  constructor(options: RequestWorkerOptions) {
    this.#options = options;
    this.#progress = new RequestProgress(options);
  }

  start(): void {
    this.notify();
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
    await Promise.all(this.#running);
  }

  /** Looks now: there may be something to do. */
  notify(): void {
    if (this.#stopped) {
      return;
    }
    if (this.#looking) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined;
      if (this.#again) {
        this.#again = false;
        this.notify();
      } else if (!this.#stopped) {
        this.#timer = setTimeout(
          () => this.notify(),
          this.#options.pollMs ?? 1000,
        );
      }
    });
  }

  async #look(): Promise<void> {
    const { logger, store } = this.#options;
    try {
      const free = CONCURRENCY - this.#running.size;
      if (free <= 0) {
        return;
      }
      for (const row of await store.claim(
        free,
        this.#options.leaseSeconds ?? LEASE_SECONDS,
      )) {
        const work = this.#process(row).finally(() => {
          this.#running.delete(work);
          this.notify();
        });
        this.#running.add(work);
      }
    } catch (error) {
      logger.warn('Cannot look for requests to work on', toError(error));
    }
  }

  async #process(row: RequestRow): Promise<void> {
    const { logger } = this.#options;
    try {
      await this.#progress.advance(row);
    } catch (error) {
      if (error instanceof LostLeaseError) {
        logger.info(error.message);
        return;
      }
      try {
        await this.#progress.recover(row, error);
      } catch (failure) {
        // The lease ends, and then somebody takes it up again.
        logger.warn(
          `Cannot note what happened to the request '${row.id}'`,
          toError(failure),
        );
      }
    }
  }
}
