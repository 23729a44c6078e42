import { setImmediate as nextTurn } from 'node:timers/promises';
import { PromqlError } from './PromqlError';

/** How long a query works before others get their turn, in milliseconds. */
const TURN = 8;

/** How often the clock is looked at. */
const CHECK_EVERY = 256;

/**
 * What one query may use: time, samples, and the patience of who asked.
 *
 * @internal
 */
export class QueryBudget {
  readonly #deadline: number;
  readonly #maxSamples: number;
  readonly #signal?: AbortSignal;
  #samples = 0;
  #units = 0;
  #turnEnds = performance.now() + TURN;

  constructor(options: {
    /** In milliseconds. */
    readonly timeout: number;
    readonly maxSamples: number;
    readonly signal?: AbortSignal;
  }) {
    this.#deadline = performance.now() + options.timeout;
    this.#maxSamples = options.maxSamples;
    this.#signal = options.signal;
  }

  /** Counts samples that were loaded or made. */
  spend(samples: number): void {
    this.#samples += samples;
    if (this.#samples > this.#maxSamples) {
      throw new PromqlError(
        'execution',
        'query processing would load too many samples into memory in query execution',
      );
    }
  }

  /** Whether it is time to call {@link QueryBudget.pause}. Cheap enough for inner loops. */
  due(): boolean {
    this.#units++;
    return (
      this.#units % CHECK_EVERY === 0 && performance.now() >= this.#turnEnds
    );
  }

  /** Lets others have their turn, then goes on unless time is up or nobody waits any more. */
  async pause(): Promise<void> {
    await nextTurn();
    this.check();
    this.#turnEnds = performance.now() + TURN;
  }

  /** @throws {@link PromqlError} if time is up or nobody waits any more. */
  check(): void {
    if (this.#signal?.aborted) {
      throw new PromqlError(
        'canceled',
        'query was canceled in expression evaluation',
      );
    }
    if (performance.now() > this.#deadline) {
      throw new PromqlError(
        'timeout',
        'query timed out in expression evaluation',
      );
    }
  }
}
