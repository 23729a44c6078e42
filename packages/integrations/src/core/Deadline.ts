import { unlessAborted } from './unlessAborted';

/** @internal */
export class DeadlineError extends Error {
  name = 'DeadlineError';
}

/**
 * The end of a call: when its time is up, or when the caller no longer wants it.
 *
 * @internal
 */
export class Deadline {
  readonly timeoutMs: number;
  readonly #controller = new AbortController();
  readonly #endsAt: number;
  readonly #timer: NodeJS.Timeout;
  readonly #caller?: AbortSignal;
  #timedOut = false;

  constructor(options: {
    readonly timeoutMs: number;
    readonly signal?: AbortSignal;
  }) {
    this.timeoutMs = options.timeoutMs;
    this.#endsAt = performance.now() + options.timeoutMs;
    this.#timer = setTimeout(() => {
      this.#timedOut = true;
      this.#abort();
    }, options.timeoutMs);
    this.#caller = options.signal;
    if (this.#caller?.aborted) {
      this.#abort();
    } else {
      this.#caller?.addEventListener('abort', this.#abort);
    }
  }

  readonly #abort = () => this.#controller.abort(new DeadlineError());

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get remainingMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  get timedOut(): boolean {
    return this.#timedOut;
  }

  /** The call goes on without a time limit; the caller can still end it. */
  lift(): void {
    clearTimeout(this.#timer);
  }

  /** Must be called in the end: the caller's signal may live much longer than the call. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#abort);
  }

  /** Rejects as soon as the deadline is over; what was promised goes on unseen. */
  async race<T>(promise: Promise<T>): Promise<T> {
    return unlessAborted(promise, this.signal);
  }
}
