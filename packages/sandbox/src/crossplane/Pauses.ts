import type { Timers } from '../kubernetes/controllers/Timers';

/**
 * Delays in the work of a controller, which is called again and again meanwhile.
 *
 * @internal
 */
export class Pauses {
  readonly #timers: Timers;
  readonly #over = new Set<string>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /**
   * Whether the pause of this name is over; the first call begins it. Once it was said to be over, it can begin anew.
   *
   * @param wake - Told at its end.
   */
  isOver(name: string, milliseconds: number, wake: () => void): boolean {
    if (this.#over.delete(name)) {
      return true;
    }
    const timer = `pause ${name}`;
    if (!this.#timers.has(timer)) {
      this.#timers.set(timer, milliseconds, () => {
        this.#over.add(name);
        wake();
      });
    }
    return false;
  }
}
