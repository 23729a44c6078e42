/** How long the same refusal is not noted again. */
const WINDOW_MS = 10 * 60_000;

/** So many different ones are remembered. */
const MOST = 5_000;

/**
 * Tells what happens for the first time in a while from what goes on, so that a page that asks again and again is noted once.
 *
 * @public
 */
export class Repetitions {
  readonly #seen = new Map<string, { readonly since: number; more: number }>();
  readonly #now: () => number;

  constructor(options: { readonly now?: () => number } = {}) {
    this.#now = options.now ?? Date.now;
  }

  /** How often it happened unnoted before; undefined if it is not to be noted now. */
  note(key: string): number | undefined {
    const now = this.#now();
    const seen = this.#seen.get(key);
    if (seen && now - seen.since < WINDOW_MS) {
      seen.more += 1;
      return undefined;
    }
    this.#seen.delete(key);
    this.#seen.set(key, { since: now, more: 0 });
    if (this.#seen.size > MOST) {
      const [oldest] = this.#seen.keys();
      this.#seen.delete(oldest);
    }
    return seen?.more ?? 0;
  }
}
