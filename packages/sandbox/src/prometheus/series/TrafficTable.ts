import { z } from 'zod';

/**
 * What a story does to a service's requests.
 *
 * @public
 */
export interface TrafficChange {
  /** How many times as many requests. @defaultValue 1 */
  readonly rateFactor?: number;
  /** The share of requests that fail, from 0 to 1, beside the usual few. @defaultValue 0 */
  readonly errorRatio?: number;
  /** How many times as long each one takes. @defaultValue 1 */
  readonly latencyFactor?: number;
}

/** One service in one environment. @public */
export interface TrafficTarget {
  readonly service: string;
  readonly environment: string;
}

/** @internal */
export const trafficEvent = z.object({
  /** In milliseconds. */
  time: z.number(),
  service: z.string(),
  environment: z.string(),
  rateFactor: z.number(),
  errorRatio: z.number(),
  latencyFactor: z.number(),
});

/** @internal */
export type TrafficEvent = z.infer<typeof trafficEvent>;

/**
 * Changes of the requests and since when they hold, so that the past stays as it was.
 *
 * @internal
 */
export class TrafficTable {
  #events: TrafficEvent[];
  #version = 0;

  constructor(events: readonly TrafficEvent[] = []) {
    this.#events = [...events].sort((left, right) => left.time - right.time);
  }

  get events(): readonly TrafficEvent[] {
    return this.#events;
  }

  /** Changes with every change. */
  get version(): number {
    return this.#version;
  }

  set(target: TrafficTarget, change: TrafficChange, time: number): void {
    const { rateFactor = 1, errorRatio = 0, latencyFactor = 1 } = change;
    this.#events.push({
      time,
      service: target.service,
      environment: target.environment,
      rateFactor: Math.max(0, rateFactor),
      errorRatio: Math.min(1, Math.max(0, errorRatio)),
      latencyFactor: Math.max(0.01, latencyFactor),
    });
    this.#version++;
  }

  /** Back to what is usual, for all services without a target. */
  reset(target: TrafficTarget | undefined, time: number): void {
    const targets = new Map<string, TrafficTarget>();
    for (const event of this.#events) {
      targets.set(`${event.service} ${event.environment}`, event);
    }
    for (const candidate of targets.values()) {
      const chosen =
        !target ||
        (target.service === candidate.service &&
          target.environment === candidate.environment);
      if (chosen && !isUsual(this.#lastOf(candidate))) {
        this.set(candidate, {}, time);
      }
    }
  }

  /** Forgets what no query can reach any more. */
  forget(before: number): void {
    const kept = this.#events.filter(
      event => event.time >= before || event === this.#lastOf(event),
    );
    if (kept.length < this.#events.length) {
      this.#events = kept;
      this.#version++;
    }
  }

  of({ service, environment }: TrafficTarget): readonly TrafficEvent[] {
    return this.#events.filter(
      event => event.service === service && event.environment === environment,
    );
  }

  /** How many times as many requests as usual there are now. */
  rateFactor(target: TrafficTarget): number {
    return this.of(target).at(-1)?.rateFactor ?? 1;
  }

  #lastOf(target: TrafficTarget): TrafficEvent {
    return this.of(target).at(-1)!;
  }
}

function isUsual(event: TrafficEvent): boolean {
  return (
    event.rateFactor === 1 &&
    event.errorRatio === 0 &&
    event.latencyFactor === 1
  );
}
