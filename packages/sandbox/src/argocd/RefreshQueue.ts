/** How much is looked at anew: the cluster, Git too, or everything. @internal */
export type Refresh = 'live' | 'normal' | 'hard';

/** Changes within this time are compared once, in milliseconds. */
const SETTLE_TIME = 50;
/** How many Applications are reconciled at the same time. */
const PARALLEL = 4;
const ORDER: readonly Refresh[] = ['live', 'normal', 'hard'];

/**
 * Applications that are to be reconciled: each once, however often it was asked for, and never twice at a time.
 *
 * @internal
 */
export class RefreshQueue {
  readonly #work: (key: string, refresh: Refresh) => Promise<void>;
  readonly #onError: (key: string, error: Error) => void;
  readonly #signal: AbortSignal;
  readonly #waiting = new Map<string, Refresh>();
  readonly #busy = new Set<string>();

  constructor(options: {
    work(key: string, refresh: Refresh): Promise<void>;
    onError(key: string, error: Error): void;
    readonly signal: AbortSignal;
  }) {
    this.#work = options.work;
    this.#onError = options.onError;
    this.#signal = options.signal;
  }

  /** Asks for an Application; the more thorough of two requests counts. */
  add(key: string, refresh: Refresh): void {
    const before = this.#waiting.get(key);
    if (
      before === undefined ||
      ORDER.indexOf(refresh) > ORDER.indexOf(before)
    ) {
      this.#waiting.set(key, refresh);
    }
    if (before === undefined) {
      setTimeout(() => this.#next(), SETTLE_TIME).unref();
    }
  }

  #next() {
    for (const [key, refresh] of this.#waiting) {
      if (this.#busy.size >= PARALLEL || this.#signal.aborted) {
        return;
      }
      if (!this.#busy.has(key)) {
        this.#waiting.delete(key);
        this.#busy.add(key);
        void this.#work(key, refresh)
          .catch((error: Error) => this.#onError(key, error))
          .finally(() => {
            this.#busy.delete(key);
            this.#next();
          });
      }
    }
  }
}
