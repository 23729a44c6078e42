/** How long after its end a step is asked for, in seconds: what is scraped last needs a while to arrive. */
const SETTLED = 45;

/** After so long it is tried again what even one step was too much of, in seconds. */
const PATIENCE = 900;

/** Steps of which the counts are wanted, counted from 1970. */
export interface WantedSteps {
  readonly step: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Decides which part of the past is asked for next: what is new first, then what is older, as much at once as the source
 * can bear.
 */
export class Backfill {
  readonly #step: number;
  readonly #steps: number;
  #chunk: number;
  #known?: { from: number; to: number };
  #key = '';
  #pausedUntil = 0;

  /** @param options - `step` in seconds; `steps` is how many are wanted in the end */
  constructor(options: { readonly step: number; readonly steps: number }) {
    this.#step = options.step;
    this.#steps = options.steps;
    this.#chunk = options.steps;
  }

  /** How many steps are known, the newest first. */
  get known(): number {
    return this.#known ? this.#known.to - this.#known.from + 1 : 0;
  }

  /** The last step that is over. */
  last(now: number): number {
    return Math.floor((now - SETTLED) / this.#step) - 1;
  }

  /** Forgets what is known, because more is asked for than before. */
  reset(): void {
    this.#known = undefined;
    this.#chunk = this.#steps;
    this.#pausedUntil = 0;
  }

  /**
   * The next steps to ask for.
   *
   * @param now - in seconds
   * @param key - what is asked for; of another key nothing is known yet
   */
  next(now: number, key: string): WantedSteps | undefined {
    if (key !== this.#key) {
      this.#key = key;
      this.reset();
    }
    const last = this.last(now);
    const first = last - this.#steps + 1;
    if (now < this.#pausedUntil) {
      return undefined;
    }
    if (this.#known && this.#known.to < first - 1) {
      // It was away for longer than what is kept.
      this.#known = undefined;
    }
    if (!this.#known) {
      return this.#wanted(Math.max(first, last - this.#chunk + 1), last);
    }
    const { from, to } = this.#known;
    if (to < last) {
      return this.#wanted(to + 1, Math.min(last, to + this.#chunk));
    }
    return from > first
      ? this.#wanted(Math.max(first, from - this.#chunk), from - 1)
      : undefined;
  }

  /** Takes note that these are known. */
  done({ from, to }: WantedSteps): void {
    this.#known = {
      from: Math.min(from, this.#known?.from ?? from),
      to: Math.max(to, this.#known?.to ?? to),
    };
    this.#known.from = Math.max(
      this.#known.from,
      this.#known.to - this.#steps + 1,
    );
  }

  /** Asks for less from now on, or for nothing for a while. */
  tooMuch({ from, to }: WantedSteps, now: number): void {
    const length = to - from + 1;
    this.#chunk = Math.max(1, Math.floor(length / 2));
    if (length === 1) {
      this.#pausedUntil = now + PATIENCE;
    }
  }

  #wanted(from: number, to: number): WantedSteps {
    return { step: this.#step, from, to };
  }
}
