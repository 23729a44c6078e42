import { CircuitState } from 'cockatiel';
import type { IBreaker } from 'cockatiel';

const BUCKETS = 10;

/** @internal */
export interface FailureRateBreakerOptions {
  /** The share of failures, from 0 to 1, from which on it opens. */
  readonly failureRate: number;
  /** Of at least so many calls… */
  readonly minimumCalls: number;
  /** …within so many milliseconds. */
  readonly windowMs: number;
  /** Or after so many failed connections with no answer between them, within the same window. */
  readonly failedConnectionsInARow: number;
}

/**
 * Decides when a circuit opens.
 *
 * @remarks
 * Cockatiel's own sampling breaker keeps counts for as long as nobody calls, so that failures of yesterday open it
 * today, and it knows no short cut for a server that is gone.
 *
 * @internal
 */
export class FailureRateBreaker implements IBreaker {
  readonly #options: FailureRateBreakerOptions;
  #buckets: { readonly at: number; calls: number; failures: number }[] = [];
  #failedConnectionsInARow = 0;

  constructor(options: FailureRateBreakerOptions) {
    this.#options = options;
  }

  get state(): unknown {
    return this.#buckets;
  }

  /** To be told before `success` and `failure`, which do not know what happened. */
  noteConnection(failed: boolean): void {
    if (failed) {
      // Forgets the old ones first.
      this.#bucket();
      this.#failedConnectionsInARow += 1;
    } else {
      this.#failedConnectionsInARow = 0;
    }
  }

  success(state: CircuitState): void {
    if (state === CircuitState.HalfOpen) {
      this.#buckets = [];
    }
    this.#bucket().calls += 1;
  }

  failure(state: CircuitState): boolean {
    const bucket = this.#bucket();
    bucket.calls += 1;
    bucket.failures += 1;
    if (state !== CircuitState.Closed) {
      return true;
    }
    const { failedConnectionsInARow, failureRate, minimumCalls } =
      this.#options;
    const calls = this.#buckets.reduce((sum, b) => sum + b.calls, 0);
    const failures = this.#buckets.reduce((sum, b) => sum + b.failures, 0);
    return (
      this.#failedConnectionsInARow >= failedConnectionsInARow ||
      (calls >= minimumCalls && failures >= failureRate * calls)
    );
  }

  #bucket() {
    const now = performance.now();
    const { windowMs } = this.#options;
    this.#buckets = this.#buckets.filter(bucket => bucket.at > now - windowMs);
    if (this.#buckets.length === 0) {
      this.#failedConnectionsInARow = 0;
    }
    const last = this.#buckets.at(-1);
    if (last && last.at > now - windowMs / BUCKETS) {
      return last;
    }
    const bucket = { at: now, calls: 0, failures: 0 };
    this.#buckets.push(bucket);
    return bucket;
  }
}
