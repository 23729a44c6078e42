import { MemoryStore, type Options } from 'express-rate-limit';

const WINDOW_MS = 60_000;

/**
 * So many hits per minute for each key.
 *
 * @internal
 */
export class Budget {
  readonly #limit: number;
  readonly #store = new MemoryStore();

  constructor(limit: number) {
    this.#limit = limit;
    this.#store.init({ windowMs: WINDOW_MS } as Options);
  }

  /** Counts a hit; returns how long to wait if that is one too many. */
  async spend(key: string): Promise<number | undefined> {
    const { totalHits, resetTime } = await this.#store.increment(key);
    return totalHits > this.#limit ? untilReset(resetTime) : undefined;
  }

  /** Like {@link Budget.spend}, without counting. */
  async peek(key: string): Promise<number | undefined> {
    const info = await this.#store.get(key);
    return info && info.totalHits >= this.#limit
      ? untilReset(info.resetTime)
      : undefined;
  }
}

function untilReset(resetTime: Date | undefined): number {
  return resetTime ? Math.max(0, resetTime.getTime() - Date.now()) : WINDOW_MS;
}
