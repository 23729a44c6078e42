/** Prometheus refuses more points of a series. */
const MOST_POINTS = 11_000;

/** Steps that people can read on an axis, in seconds. */
const STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600,
  43_200, 86_400, 172_800, 604_800,
];

/** @public */
export interface StepOptions {
  /** How many points are wanted at most. @defaultValue 250 */
  readonly points?: number;
  /** How often the data is scraped, in seconds: a smaller step would show nothing more. @defaultValue 15 */
  readonly scrapeInterval?: number;
}

/**
 * Chooses a step for a range, in seconds.
 *
 * @public
 */
export function chooseStep(seconds: number, options: StepOptions = {}): number {
  const { points = 250, scrapeInterval = 15 } = options;
  const wanted = Math.min(Math.max(1, points), MOST_POINTS);
  const least = Math.max(seconds / wanted, scrapeInterval);
  const step = STEPS.find(candidate => candidate >= least);
  const week = STEPS[STEPS.length - 1];
  return step ?? Math.ceil(least / week) * week;
}

/**
 * Moves both ends of a range back to whole steps, so that the same points are asked for again and again.
 *
 * @public
 */
export function alignRange(
  range: { readonly start: number; readonly end: number },
  step: number,
): { readonly start: number; readonly end: number } {
  return {
    start: Math.floor(range.start / step) * step,
    end: Math.floor(range.end / step) * step,
  };
}
