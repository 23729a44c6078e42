import type { Labels } from './Labels';
import type { Matcher } from './Matcher';
import type { SampleBuffer } from './SampleBuffer';

/**
 * Where queries get their series from.
 *
 * @internal
 */
export interface SeriesSource {
  /**
   * The series that meet all conditions and may have samples after `from` and up to `to`, in milliseconds.
   */
  select(
    matchers: readonly Matcher[],
    from: number,
    to: number,
  ): Iterable<SampleSeries>;
}

/** One point in time of a series. */
export interface Sample {
  time: number;
  value: number;
}

/**
 * What `rate` and `increase` need to know of the samples of a window.
 *
 * @internal
 */
export interface CounterWindow {
  readonly count: number;
  readonly firstTime: number;
  readonly firstValue: number;
  readonly lastTime: number;
  readonly lastValue: number;
  /** The sum of the values from which the counter fell. */
  readonly lost: number;
}

/**
 * One series and its samples, which may be computed when they are asked for.
 *
 * @internal
 */
export interface SampleSeries {
  readonly labels: Labels;
  /**
   * Finds the newest sample after `after` and up to `time`.
   *
   * @param out - receives it
   * @returns whether there is one and the series has not ended since
   */
  latest(time: number, after: number, out: Sample): boolean;
  /** Appends the samples after `from` and up to `to`. */
  collect(from: number, to: number, out: SampleBuffer): void;
  /** A summary of the same samples, where it costs less than to list them. */
  summarize?(from: number, to: number): CounterWindow | undefined;
}
