/**
 * A sum that keeps what rounding takes from it (Kahan's method as Neumaier improved it), as Prometheus sums.
 *
 * @internal
 */
export class CompensatedSum {
  #sum = 0;
  #lost = 0;

  constructor(start = 0) {
    this.#sum = start;
  }

  add(value: number): void {
    const sum = this.#sum + value;
    if (!Number.isFinite(sum)) {
      this.#lost = 0;
    } else if (Math.abs(this.#sum) >= Math.abs(value)) {
      this.#lost += this.#sum - sum + value;
    } else {
      this.#lost += value - sum + this.#sum;
    }
    this.#sum = sum;
  }

  get value(): number {
    return Number.isFinite(this.#sum) ? this.#sum + this.#lost : this.#sum;
  }
}

/** The mean, also of numbers whose sum is too large for a number. */
export function meanOf(values: ArrayLike<number>, length: number): number {
  const sum = new CompensatedSum();
  for (let index = 0; index < length; index++) {
    sum.add(values[index]);
  }
  if (Number.isFinite(sum.value)) {
    return sum.value / length;
  }
  const mean = new CompensatedSum();
  for (let index = 0; index < length; index++) {
    mean.add(values[index] / length);
  }
  return mean.value;
}

/** The value below which a share of all values lies, between the two nearest ones. Sorts the array. */
export function quantileOf(share: number, values: number[]): number {
  if (values.length === 0 || Number.isNaN(share)) {
    return NaN;
  }
  if (share < 0) {
    return -Infinity;
  }
  if (share > 1) {
    return Infinity;
  }
  values.sort(compareWithNaN);
  const rank = share * (values.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(values.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return values[lower] * (1 - weight) + values[upper] * weight;
}

/** Sorts upwards with NaN first, as Prometheus does. */
export function compareWithNaN(left: number, right: number): number {
  if (Number.isNaN(left)) {
    return Number.isNaN(right) ? 0 : -1;
  }
  if (Number.isNaN(right)) {
    return 1;
  }
  return left - right;
}

/** A power by the rules of IEEE 754, from which JavaScript departs where the base is 1 or -1. */
export function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) {
    return 1;
  }
  return base ** exponent;
}
