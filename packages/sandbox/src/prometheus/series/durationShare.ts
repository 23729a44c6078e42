/**
 * How durations are spread: log-normal, in seconds.
 *
 * @internal
 */
export interface DurationSpread {
  readonly median: number;
  readonly sigma: number;
}

/** The share of durations that are at most so long. */
export function durationShare(
  { median, sigma }: DurationSpread,
  seconds: number,
): number {
  if (seconds === Infinity) {
    return 1;
  }
  return (
    0.5 * (1 + errorFunction(Math.log(seconds / median) / (sigma * Math.SQRT2)))
  );
}

/** The mean of all durations. */
export function meanDuration({ median, sigma }: DurationSpread): number {
  return median * Math.exp((sigma * sigma) / 2);
}

/** Abramowitz and Stegun 7.1.26, to seven digits. */
function errorFunction(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const polynomial =
    t *
    (0.254829592 +
      t *
        (-0.284496736 +
          t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - polynomial * Math.exp(-x * x));
}
