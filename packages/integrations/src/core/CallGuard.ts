import {
  bulkhead,
  circuitBreaker,
  CircuitState,
  DelegateBackoff,
  handleWhen,
  isBrokenCircuitError,
  isBulkheadRejectedError,
} from 'cockatiel';
import type { BulkheadPolicy, CircuitBreakerPolicy } from 'cockatiel';
import type { Deadline } from './Deadline';
import { DeadlineError } from './Deadline';
import { FailureRateBreaker } from './FailureRateBreaker';
import { UpstreamError } from './UpstreamError';
import type { UpstreamHealth } from './UpstreamHealth';
import type { UpstreamLimits } from './UpstreamHttpOptions';

const MOST_THROTTLED_MS = 5 * 60_000;

/** Thrown instead of a call that is not made. @internal */
export class CallRefusedError extends Error {
  name = 'CallRefusedError';
  constructor(
    readonly code: 'breaker-open' | 'overloaded' | 'throttled',
    readonly retryAfterSeconds?: number,
  ) {
    super(code);
  }
}

/**
 * Lets calls of one instance through, or not: circuit breaker, bulkhead, and the pause that the system asked for.
 *
 * @internal
 */
export class CallGuard {
  readonly #failures: FailureRateBreaker;
  readonly #bulkhead: BulkheadPolicy;
  readonly #breaker: CircuitBreakerPolicy;
  readonly #limits: Required<UpstreamLimits>;
  #opensAt = 0;
  #throttledUntil = 0;
  #streams = 0;

  constructor(
    limits: Required<UpstreamLimits>,
    onStateChange: (state: UpstreamHealth['breaker']) => void,
  ) {
    this.#limits = limits;
    this.#failures = new FailureRateBreaker({
      failureRate: 0.5,
      minimumCalls: 20,
      windowMs: 10_000,
      failedConnectionsInARow: limits.breakerFailedConnections,
    });
    this.#bulkhead = bulkhead(this.#limits.inFlight, this.#limits.queued);
    this.#breaker = circuitBreaker(
      handleWhen(error => this.#isFailure(error)),
      {
        breaker: this.#failures,
        halfOpenAfter: new DelegateBackoff(() => {
          const wait = this.#limits.breakerOpenMs * (0.8 + Math.random() * 0.4);
          this.#opensAt = Date.now() + wait;
          return wait;
        }),
      },
    );
    this.#breaker.onStateChange(() => onStateChange(this.breaker));
  }

  get breaker(): UpstreamHealth['breaker'] {
    switch (this.#breaker.state) {
      case CircuitState.Closed:
        return 'closed';
      case CircuitState.HalfOpen:
        return 'half-open';
      default:
        return 'open';
    }
  }

  get inFlight(): number {
    return this.#limits.inFlight - this.#bulkhead.executionSlots;
  }

  get queued(): number {
    return this.#limits.queued - this.#bulkhead.queueSlots;
  }

  get streams(): number {
    return this.#streams;
  }

  get throttledUntil(): Date | undefined {
    return this.#throttledUntil > Date.now()
      ? new Date(this.#throttledUntil)
      : undefined;
  }

  /** No calls for so long, because the system asked for it. */
  throttle(seconds: number): void {
    const wait = Math.min(seconds * 1000, MOST_THROTTLED_MS);
    this.#throttledUntil = Math.max(this.#throttledUntil, Date.now() + wait);
  }

  /** @throws {@link CallRefusedError} */
  async run<T>(deadline: Deadline, call: () => Promise<T>): Promise<T> {
    // Before the queue, so that nobody waits behind calls to a system that is known to be down.
    this.#refuse();
    const result = this.#bulkhead.execute(() => {
      if (deadline.signal.aborted) {
        throw new DeadlineError();
      }
      this.#refuse();
      return this.#breaker.execute(() => this.#watchConnection(call));
    });
    try {
      return await deadline.race(result);
    } catch (error) {
      if (isBulkheadRejectedError(error)) {
        throw new CallRefusedError('overloaded', 1);
      }
      if (isBrokenCircuitError(error)) {
        throw new CallRefusedError('breaker-open', this.#secondsUntilTrial());
      }
      throw error;
    }
  }

  /** @throws {@link CallRefusedError} if there are too many. */
  openStream(): () => void {
    if (this.#streams >= this.#limits.streams) {
      throw new CallRefusedError('overloaded', 1);
    }
    this.#streams += 1;
    let open = true;
    return () => {
      this.#streams -= open ? 1 : 0;
      open = false;
    };
  }

  #refuse() {
    const throttledMs = this.#throttledUntil - Date.now();
    if (throttledMs > 0) {
      throw new CallRefusedError('throttled', Math.ceil(throttledMs / 1000));
    }
    if (
      this.#breaker.state === CircuitState.Open &&
      Date.now() < this.#opensAt
    ) {
      throw new CallRefusedError('breaker-open', this.#secondsUntilTrial());
    }
  }

  #secondsUntilTrial() {
    return Math.max(1, Math.ceil((this.#opensAt - Date.now()) / 1000));
  }

  async #watchConnection<T>(call: () => Promise<T>): Promise<T> {
    try {
      const result = await call();
      this.#failures.noteConnection(false);
      return result;
    } catch (error) {
      if (error instanceof UpstreamError && error.code !== 'cancelled') {
        this.#failures.noteConnection(
          error.code === 'unreachable' || error.code === 'timeout',
        );
      }
      throw error;
    }
  }

  #isFailure(error: unknown): boolean {
    if (!(error instanceof UpstreamError)) {
      return true;
    }
    switch (error.code) {
      case 'unreachable':
      case 'timeout':
      case 'unavailable':
        return true;
      case 'cancelled':
        // A trial that was called off has not shown that the system is back.
        return this.#breaker.state === CircuitState.HalfOpen;
      default:
        return false;
    }
  }
}
