/**
 * Counts of one service by steps of equal length, the last so many of them.
 *
 * @remarks
 * What is over does not change, so that each step is asked for once, and a window of 30 days costs no query.
 */
export class SampleHistory {
  readonly #values = new Map<string, Float64Array>();
  readonly #length: number;

  /** @param length - how many steps are kept */
  constructor(length: number) {
    this.#length = length;
  }

  get length(): number {
    return this.#length;
  }

  /** Keeps a value of the step of this number, counted from 1970. */
  set(kind: string, index: number, value: number): void {
    let values = this.#values.get(kind);
    if (!values) {
      values = new Float64Array(this.#length * 2).fill(NaN);
      this.#values.set(kind, values);
    }
    const slot = index % this.#length;
    values[slot] = value;
    // Whose step it is: the slot is used again by a later one.
    values[this.#length + slot] = index;
  }

  /** The value of a step; undefined if nothing is known. */
  get(kind: string, index: number): number | undefined {
    const values = this.#values.get(kind);
    const slot = index % this.#length;
    return values && values[this.#length + slot] === index
      ? values[slot]
      : undefined;
  }

  /**
   * Adds up a kind over steps.
   *
   * @returns undefined if there is not a single value
   */
  sum(kind: string, from: number, to: number): number | undefined {
    const values = this.#values.get(kind);
    let sum: number | undefined;
    for (let index = from; values && index <= to; index++) {
      const slot = index % this.#length;
      if (values[this.#length + slot] === index) {
        sum = (sum ?? 0) + values[slot];
      }
    }
    return sum;
  }
}
