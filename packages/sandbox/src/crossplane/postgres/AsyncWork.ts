/**
 * Work that takes time, for controllers, which do not wait: begins it, tells when it is done, and tells of its end.
 *
 * @internal
 */
export class AsyncWork {
  readonly #running = new Map<string, Promise<void>>();
  readonly #done = new Map<string, { readonly error?: Error }>();

  /**
   * The result of the work of this name; undefined while it runs. The first call begins it.
   *
   * @param onEnd - Told once it has ended; the next call then returns the result.
   */
  run(
    name: string,
    work: () => Promise<void>,
    onEnd: () => void,
  ): { readonly error?: Error } | undefined {
    const done = this.#done.get(name);
    if (done || this.#running.has(name)) {
      return done;
    }
    const running = work()
      .then(
        () => this.#done.set(name, {}),
        (error: Error) => this.#done.set(name, { error }),
      )
      .then(() => {
        this.#running.delete(name);
        onEnd();
      });
    this.#running.set(name, running);
    return undefined;
  }

  /** Makes the next call with this name begin anew. */
  forget(name: string): void {
    this.#done.delete(name);
  }

  /** Waits for what runs. */
  async settle(): Promise<void> {
    await Promise.all(this.#running.values());
  }
}
