import type { SandboxContext } from '../../core/SandboxContext';

/** The longest delay that Node's timers take, in milliseconds. */
const LONGEST = 2_147_483_647;

/**
 * Named delays, each of which can be replaced or cancelled, and all of which end with the controllers.
 *
 * @internal
 */
export class Timers {
  readonly #context: Pick<SandboxContext, 'delay'>;
  readonly #running = new Map<string, AbortController>();

  constructor(context: Pick<SandboxContext, 'delay'>) {
    this.#context = context;
  }

  has(name: string): boolean {
    return this.#running.has(name);
  }

  /** Runs the action after the sandbox's time; a later call with the same name replaces an earlier one. */
  set(name: string, milliseconds: number, action: () => void): void {
    this.cancel(name);
    const abort = new AbortController();
    this.#running.set(name, abort);
    this.#context.delay(Math.min(milliseconds, LONGEST), abort.signal).then(
      () => {
        if (this.#running.get(name) === abort) {
          this.#running.delete(name);
          action();
        }
      },
      () => {
        // Aborted by cancel() or stop(); there is nothing left to do.
      },
    );
  }

  /** Runs the action at a time of the wall clock. */
  setAt(name: string, time: Date, action: () => void): void {
    this.cancel(name);
    const abort = new AbortController();
    this.#running.set(name, abort);
    const timer = setTimeout(() => {
      this.#running.delete(name);
      action();
    }, Math.min(Math.max(0, time.getTime() - Date.now()), LONGEST));
    timer.unref();
    abort.signal.addEventListener('abort', () => clearTimeout(timer));
  }

  cancel(name: string): void {
    this.#running.get(name)?.abort();
    this.#running.delete(name);
  }

  stop(): void {
    for (const name of [...this.#running.keys()]) {
      this.cancel(name);
    }
  }
}
