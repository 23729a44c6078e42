import { hashText } from './hashText';

/** Periods in seconds and how far each one moves the curve. */
const WAVES: readonly (readonly [period: number, amplitude: number])[] = [
  [86_400, 0.42],
  [604_800, 0.1],
  [11_160, 0.07],
  [2_820, 0.06],
  [660, 0.05],
  [198, 0.04],
];

/** The busiest hour of the day, in UTC. */
const PEAK_HOUR = 13;

/**
 * How busy something is over time, around 1 and never below 0.2: a day's and a week's rhythm, and unrest.
 *
 * @remarks
 * A sum of waves, so that what it adds up to is known for any time without adding up.
 *
 * @internal
 */
export class LoadCurve {
  readonly #frequencies = new Float64Array(WAVES.length);
  readonly #amplitudes = new Float64Array(WAVES.length);
  readonly #phases = new Float64Array(WAVES.length);

  /**
   * @param name - the same name makes the same curve
   * @param strength - stretches the waves; at most 1.2
   */
  constructor(name: string, strength = 1) {
    WAVES.forEach(([period, amplitude], index) => {
      const frequency = (2 * Math.PI) / period;
      this.#frequencies[index] = frequency;
      this.#amplitudes[index] = amplitude * strength;
      // Everybody's day is busy at about the same hour; the rest has nothing in common.
      this.#phases[index] =
        index === 0
          ? Math.PI / 2 -
            frequency * 3600 * (PEAK_HOUR + 2 * hashText(`${name} day`) - 1)
          : 2 * Math.PI * hashText(`${name} ${index}`);
    });
  }

  /** @param seconds - since 1970 */
  at(seconds: number): number {
    let value = 1;
    for (let index = 0; index < WAVES.length; index++) {
      value +=
        this.#amplitudes[index] *
        Math.sin(this.#frequencies[index] * seconds + this.#phases[index]);
    }
    return value;
  }

  /** What the curve adds up to from 1970 on, in seconds. */
  integralAt(seconds: number): number {
    let value = seconds;
    for (let index = 0; index < WAVES.length; index++) {
      value -=
        (this.#amplitudes[index] / this.#frequencies[index]) *
        Math.cos(this.#frequencies[index] * seconds + this.#phases[index]);
    }
    return value;
  }
}
