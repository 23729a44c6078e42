import type { ControllerTools } from './Controller';

/**
 * Times that something outside takes once, such as a cloud that makes a load balancer.
 *
 * @internal
 */
export class Delays {
  readonly #tools: ControllerTools;
  readonly #bounds: readonly [least: number, most: number];
  readonly #over = new Set<string>();

  /** @param bounds - the least and the most it takes, in milliseconds */
  constructor(
    tools: ControllerTools,
    bounds: readonly [least: number, most: number],
  ) {
    this.#tools = tools;
    this.#bounds = bounds;
  }

  /** Whether the time is over; the first call starts it, and the callback tells of its end. */
  isOver(name: string, onEnd: () => void): boolean {
    if (this.#over.delete(name)) {
      return true;
    }
    const { timers, context } = this.#tools;
    if (!timers.has(name)) {
      const [least, most] = this.#bounds;
      const share = context.random(name)();
      timers.set(name, least + share * (most - least), () => {
        this.#over.add(name);
        onEnd();
      });
    }
    return false;
  }
}
