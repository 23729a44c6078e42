/**
 * Pods that wait for a Secret or ConfigMap of their namespace.
 *
 * @internal
 */
export class ReferenceWaiters {
  readonly #waiting = new Map<string, Set<() => void>>();

  wake(namespace: string): void {
    const waiting = this.#waiting.get(namespace);
    this.#waiting.delete(namespace);
    waiting?.forEach(resolve => resolve());
  }

  async wait(namespace: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const waiting = this.#waiting.get(namespace) ?? new Set();
      this.#waiting.set(namespace, waiting);
      const ended = new AbortController();
      const wakeUp = () => {
        ended.abort();
        resolve();
      };
      waiting.add(wakeUp);
      signal.addEventListener(
        'abort',
        () => {
          waiting.delete(wakeUp);
          reject(signal.reason);
        },
        { once: true, signal: ended.signal },
      );
    });
  }
}
