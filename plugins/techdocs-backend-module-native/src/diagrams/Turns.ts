/** Lets a few tasks run at the same time; the others wait for their turn. */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param count - Tasks at the same time. */
  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Runs a task when it is its turn.
   *
   * @throws The signal's reason when it is aborted by then.
   */
  async run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>(resolve => this.#waiting.push(resolve));
    try {
      signal.throwIfAborted();
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
