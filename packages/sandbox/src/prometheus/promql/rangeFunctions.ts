import { CompensatedSum, meanOf, quantileOf } from './arithmetic';
import type { SampleBuffer } from './SampleBuffer';
import type { CounterWindow } from './SeriesSource';

/**
 * The window that a function over time looks at, in milliseconds.
 *
 * @internal
 */
export interface RangeWindow {
  /** The step's own time. */
  readonly time: number;
  /** The samples are newer than this. */
  readonly start: number;
  readonly end: number;
  /** The function's number, for the functions that have one. */
  readonly parameter: number;
}

/** Computes a value from at least one sample; undefined is no value. */
type RangeFunction = (
  samples: SampleBuffer,
  window: RangeWindow,
) => number | undefined;

/** The functions over the samples of a window, by name. */
export const RANGE_FUNCTIONS: ReadonlyMap<string, RangeFunction> = new Map<
  string,
  RangeFunction
>([
  ['rate', (samples, window) => rateOf(samples, window, 'rate')],
  ['increase', (samples, window) => rateOf(samples, window, 'increase')],
  ['delta', (samples, window) => rateOf(samples, window, 'delta')],
  ['irate', samples => lastChange(samples, true)],
  ['idelta', samples => lastChange(samples, false)],
  ['deriv', samples => linearRegression(samples, samples.times[0])?.slope],
  ['predict_linear', predict],
  ['resets', samples => countPairs(samples, (last, next) => next < last)],
  [
    'changes',
    samples =>
      countPairs(
        samples,
        (last, next) =>
          last !== next && !(Number.isNaN(last) && Number.isNaN(next)),
      ),
  ],
  ['avg_over_time', ({ values, length }) => meanOf(values, length)],
  ['sum_over_time', sumOf],
  ['count_over_time', ({ length }) => length],
  ['present_over_time', () => 1],
  ['first_over_time', ({ values }) => values[0]],
  ['last_over_time', ({ values, length }) => values[length - 1]],
  ['min_over_time', samples => extremeOf(samples, (next, best) => next < best)],
  ['max_over_time', samples => extremeOf(samples, (next, best) => next > best)],
  ['stdvar_over_time', varianceOf],
  ['stddev_over_time', samples => Math.sqrt(varianceOf(samples))],
  [
    'quantile_over_time',
    ({ values, length }, { parameter }) =>
      quantileOf(parameter, Array.from(values.subarray(0, length))),
  ],
]);

function rateOf(
  samples: SampleBuffer,
  window: RangeWindow,
  kind: 'rate' | 'increase' | 'delta',
): number | undefined {
  const { times, values, length } = samples;
  let lost = 0;
  if (kind !== 'delta') {
    for (let index = 1; index < length; index++) {
      if (values[index] < values[index - 1]) {
        lost += values[index - 1];
      }
    }
  }
  return extrapolate(
    {
      count: length,
      firstTime: times[0],
      firstValue: values[0],
      lastTime: times[length - 1],
      lastValue: values[length - 1],
      lost,
    },
    window,
    kind,
  );
}

/**
 * The change within a window, extended to its edges where the samples come near enough to them.
 *
 * @remarks
 * As `extrapolatedRate` of Prometheus, https://github.com/prometheus/prometheus/blob/v3.14.0/promql/functions.go
 */
export function extrapolate(
  counter: CounterWindow,
  window: RangeWindow,
  kind: 'rate' | 'increase' | 'delta',
): number | undefined {
  const { count, firstTime, firstValue, lastTime, lastValue, lost } = counter;
  if (count < 2) {
    return undefined;
  }
  const change = lastValue - firstValue + lost;
  const sampled = (lastTime - firstTime) / 1000;
  const spacing = sampled / (count - 1);
  const threshold = spacing * 1.1;
  let toStart = (firstTime - window.start) / 1000;
  let toEnd = (window.end - lastTime) / 1000;
  if (toStart >= threshold) {
    toStart = spacing / 2;
  }
  if (kind !== 'delta' && change > 0 && firstValue >= 0) {
    // A counter cannot have been below zero.
    toStart = Math.min(toStart, sampled * (firstValue / change));
  }
  if (toEnd >= threshold) {
    toEnd = spacing / 2;
  }
  let factor = (sampled + toStart + toEnd) / sampled;
  if (kind === 'rate') {
    factor /= (window.end - window.start) / 1000;
  }
  return change * factor;
}

function lastChange(
  { times, values, length }: SampleBuffer,
  isRate: boolean,
): number | undefined {
  if (length < 2) {
    return undefined;
  }
  const last = values[length - 1];
  const previous = values[length - 2];
  const change = isRate && last < previous ? last : last - previous;
  const seconds = (times[length - 1] - times[length - 2]) / 1000;
  return isRate ? change / seconds : change;
}

function predict(
  samples: SampleBuffer,
  { time, parameter }: RangeWindow,
): number | undefined {
  const line = linearRegression(samples, time);
  return line && line.slope * parameter + line.intercept;
}

function linearRegression(
  { times, values, length }: SampleBuffer,
  interceptTime: number,
): { slope: number; intercept: number } | undefined {
  if (length < 2) {
    return undefined;
  }
  const first = values[0];
  const sumX = new CompensatedSum();
  const sumY = new CompensatedSum();
  const sumXY = new CompensatedSum();
  const sumXX = new CompensatedSum();
  let constant = true;
  for (let index = 0; index < length; index++) {
    const x = (times[index] - interceptTime) / 1000;
    const y = values[index];
    constant &&= y === first;
    sumX.add(x);
    sumY.add(y);
    sumXY.add(x * y);
    sumXX.add(x * x);
  }
  if (constant) {
    return Number.isFinite(first)
      ? { slope: 0, intercept: first }
      : { slope: NaN, intercept: NaN };
  }
  const covariance = sumXY.value - (sumX.value * sumY.value) / length;
  const variance = sumXX.value - (sumX.value * sumX.value) / length;
  const slope = covariance / variance;
  return {
    slope,
    intercept: sumY.value / length - (slope * sumX.value) / length,
  };
}

function countPairs(
  { values, length }: SampleBuffer,
  counts: (last: number, next: number) => boolean,
): number {
  let count = 0;
  for (let index = 1; index < length; index++) {
    if (counts(values[index - 1], values[index])) {
      count++;
    }
  }
  return count;
}

function sumOf({ values, length }: SampleBuffer): number {
  const sum = new CompensatedSum();
  for (let index = 0; index < length; index++) {
    sum.add(values[index]);
  }
  return sum.value;
}

function extremeOf(
  { values, length }: SampleBuffer,
  better: (next: number, best: number) => boolean,
): number {
  let best = values[0];
  for (let index = 1; index < length; index++) {
    if (better(values[index], best) || Number.isNaN(best)) {
      best = values[index];
    }
  }
  return best;
}

function varianceOf({ values, length }: SampleBuffer): number {
  const mean = new CompensatedSum();
  const squares = new CompensatedSum();
  for (let index = 0; index < length; index++) {
    const distance = values[index] - mean.value;
    mean.add(distance / (index + 1));
    squares.add(distance * (values[index] - mean.value));
  }
  return squares.value / length;
}
