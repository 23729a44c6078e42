import type { Labels } from './Labels';
import type { SampleBuffer } from './SampleBuffer';
import type { Sample, SampleSeries } from './SeriesSource';

/**
 * A series whose samples are kept in memory.
 *
 * @internal
 */
export class StoredSeries implements SampleSeries {
  readonly labels: Labels;
  #times: number[];
  /** undefined says that the series ended there, as Prometheus' stale markers do. */
  #values: (number | undefined)[];

  constructor(
    labels: Labels,
    times: number[] = [],
    values: (number | undefined)[] = [],
  ) {
    this.labels = labels;
    this.#times = times;
    this.#values = values;
  }

  get firstTime(): number | undefined {
    return this.#times[0];
  }

  get lastTime(): number | undefined {
    return this.#times.at(-1);
  }

  /** Whether it was not ended. */
  get live(): boolean {
    return this.#values.at(-1) !== undefined;
  }

  /** Adds a sample that is newer than all others; one with `undefined` ends the series until the next one. */
  append(time: number, value: number | undefined): void {
    if (this.lastTime !== undefined && time <= this.lastTime) {
      return;
    }
    this.#times.push(time);
    this.#values.push(value);
  }

  /** Forgets what is older. */
  forget(before: number): void {
    const count = this.#after(before);
    if (count > 0) {
      this.#times = this.#times.slice(count);
      this.#values = this.#values.slice(count);
    }
  }

  latest(time: number, after: number, out: Sample): boolean {
    const index = this.#after(time) - 1;
    if (index < 0 || this.#times[index] <= after) {
      return false;
    }
    const value = this.#values[index];
    if (value === undefined) {
      return false;
    }
    out.time = this.#times[index];
    out.value = value;
    return true;
  }

  collect(from: number, to: number, out: SampleBuffer): void {
    for (
      let index = this.#after(from);
      index < this.#times.length && this.#times[index] <= to;
      index++
    ) {
      const value = this.#values[index];
      if (value !== undefined) {
        out.push(this.#times[index], value);
      }
    }
  }

  /** The index of the first sample that is newer. */
  #after(time: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#times[middle] <= time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
