/**
 * Samples of one series in the order of time, in memory that is used again.
 *
 * @internal
 */
export class SampleBuffer {
  times = new Float64Array(64);
  values = new Float64Array(64);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  push(time: number, value: number): void {
    if (this.length === this.times.length) {
      this.times = grow(this.times);
      this.values = grow(this.values);
    }
    this.times[this.length] = time;
    this.values[this.length] = value;
    this.length++;
  }
}

function grow(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
