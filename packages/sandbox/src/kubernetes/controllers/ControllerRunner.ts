import { StatusError } from '../StatusError';
import type {
  Controller,
  ControllerQueue,
  ControllerTools,
} from './Controller';

/** How long one turn may take before other work of the process gets its turn, in milliseconds. */
const TURN = 10;
const FIRST_RETRY = 100;
const LAST_RETRY = 60_000;

/**
 * Runs controllers: what changes puts keys into a queue, each key once, and the queue is worked off in turns of
 * the event loop. Nothing runs while nothing changes.
 *
 * @internal
 */
export class ControllerRunner {
  readonly #tools: ControllerTools;
  readonly #controllers: readonly Controller[];
  readonly #waiting = new Map<
    string,
    { controller: Controller; key: string }
  >();
  readonly #failures = new Map<string, number>();
  readonly #watches: (() => void)[] = [];
  #turn: NodeJS.Immediate | undefined;
  #reconciles = 0;

  constructor(tools: ControllerTools, controllers: readonly Controller[]) {
    this.#tools = tools;
    this.#controllers = controllers;
  }

  /** How often a controller was run since the start. */
  get reconciles(): number {
    return this.#reconciles;
  }

  start(): void {
    for (const controller of this.#controllers) {
      controller.start?.(this.#queueOf(controller));
    }
    for (const controller of this.#controllers) {
      for (const { type, keys } of controller.watches) {
        if (this.#tools.cluster.serves(type)) {
          this.#watches.push(
            this.#tools.cluster.watch(type, event => {
              for (const key of keys(event)) {
                this.#add(controller, key);
              }
            }),
          );
        }
      }
    }
  }

  stop(): void {
    for (const end of this.#watches.splice(0)) {
      end();
    }
    clearImmediate(this.#turn);
    this.#turn = undefined;
    this.#waiting.clear();
    for (const controller of this.#controllers) {
      controller.stop?.();
    }
  }

  #queueOf(controller: Controller): ControllerQueue {
    const { timers } = this.#tools;
    const name = (key: string) => `${controller.name} ${key}`;
    return {
      add: key => this.#add(controller, key),
      addAfter: (key, milliseconds) =>
        timers.set(name(key), milliseconds, () => this.#add(controller, key)),
      addAt: (key, time) =>
        timers.setAt(name(key), time, () => this.#add(controller, key)),
    };
  }

  #add(controller: Controller, key: string) {
    this.#waiting.set(`${controller.name} ${key}`, { controller, key });
    // Not a microtask: the events of all writes under way come first, so that one run sees them all.
    this.#turn ??= setImmediate(() => this.#work());
  }

  #work() {
    this.#turn = undefined;
    const end = Date.now() + TURN;
    for (const [id, { controller, key }] of this.#waiting) {
      this.#waiting.delete(id);
      this.#reconcile(id, controller, key);
      if (Date.now() > end) {
        break;
      }
    }
    if (this.#waiting.size > 0) {
      this.#turn ??= setImmediate(() => this.#work());
    }
  }

  #reconcile(id: string, controller: Controller, key: string) {
    this.#reconciles += 1;
    try {
      controller.reconcile(key, this.#queueOf(controller));
      this.#failures.delete(id);
    } catch (error) {
      if (error instanceof StatusError && error.code === 404) {
        // What it worked on, or its namespace, is going away; its end is an event of its own.
        return;
      }
      const failures = (this.#failures.get(id) ?? 0) + 1;
      this.#failures.set(id, failures);
      // Once, not again with every try.
      if (failures === 1 && !(error instanceof StatusError)) {
        this.#tools.context.log(
          this.#tools.cluster.name,
          `${id} failed: ${(error as Error).stack}`,
        );
      }
      this.#tools.timers.set(
        `retry ${id}`,
        Math.min(LAST_RETRY, FIRST_RETRY * 2 ** (failures - 1)),
        () => this.#add(controller, key),
      );
    }
  }
}
