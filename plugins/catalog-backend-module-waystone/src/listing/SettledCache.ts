/** How long after a change was seen its transaction may still be running. */
const SETTLES_AFTER_MS = 2_000;

interface Entry<T> {
  readonly until: number;
  readonly value: Promise<T>;
  weight: number;
}

/**
 * Keeps what was computed from a table as long as the table stays at one version.
 *
 * @remarks
 *
 * A version is counted up before its transaction commits, so what is computed just after may be of the table before.
 * Such values are kept for two seconds, and later ones until the version changes.
 */
export class SettledCache {
  readonly #entries = new Map<string, Entry<unknown>>();
  readonly #now: () => number;
  readonly #mostWeight: number;
  #version = '';
  #seenAt = 0;
  #weight = 0;

  /**
   * @param options - `mostWeight`: what all values may weigh together; those that were used least recently go first
   */
  constructor(options: {
    readonly mostWeight: number;
    readonly now?: () => number;
  }) {
    this.#mostWeight = options.mostWeight;
    this.#now = options.now ?? Date.now;
  }

  /** Computes once, also for those who ask at the same time. What fails is not kept. */
  async get<T>(options: {
    readonly version: string;
    readonly key: string;
    readonly compute: () => Promise<T>;
    readonly weightOf?: (value: T) => number;
  }): Promise<T> {
    const { compute, key, version } = options;
    const now = this.#now();
    if (version !== this.#version) {
      this.#version = version;
      this.#seenAt = now;
      this.#entries.clear();
      this.#weight = 0;
    }
    const kept = this.#entries.get(key) as Entry<T> | undefined;
    if (kept && kept.until > now) {
      this.#entries.delete(key);
      this.#entries.set(key, kept);
      return kept.value;
    }
    const settled = now - this.#seenAt > SETTLES_AFTER_MS;
    const entry: Entry<T> = {
      until: settled ? Infinity : now + SETTLES_AFTER_MS,
      value: compute(),
      weight: 1,
    };
    this.#remove(key);
    this.#entries.set(key, entry);
    this.#weight += 1;
    try {
      const value = await entry.value;
      if (this.#entries.get(key) === entry) {
        const weight = options.weightOf?.(value) ?? 1;
        this.#weight += weight - entry.weight;
        entry.weight = weight;
        this.#shrink();
      }
      return value;
    } catch (error) {
      if (this.#entries.get(key) === entry) {
        this.#remove(key);
      }
      throw error;
    }
  }

  #remove(key: string) {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }

  #shrink() {
    for (const key of this.#entries.keys()) {
      if (this.#weight <= this.#mostWeight) {
        return;
      }
      this.#remove(key);
    }
  }
}
