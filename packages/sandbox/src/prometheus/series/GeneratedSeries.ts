import type { Labels } from '../promql/Labels';
import type { SampleBuffer } from '../promql/SampleBuffer';
import type {
  CounterWindow,
  Sample,
  SampleSeries,
} from '../promql/SeriesSource';
import type { Span } from './WorkloadRecord';

/** When a target is scraped, in milliseconds. */
export interface ScrapeSchedule {
  readonly offset: number;
  readonly interval: number;
}

/** @internal */
export interface GeneratedSeriesOptions {
  readonly labels: Labels;
  readonly schedule: ScrapeSchedule;
  /** When there are samples, in order. */
  readonly spans: readonly Span[];
  /**
   * The value at a time. Of a counter: what was counted since anything was, with a fraction; each span begins anew.
   */
  valueAt(time: number): number;
  /** Whether it counts; `whole` counts nothing but whole things. */
  readonly counter?: 'whole' | 'fractions';
}

/**
 * A series whose samples are computed when they are asked for.
 *
 * @internal
 */
export class GeneratedSeries implements SampleSeries {
  readonly labels: Labels;
  readonly #options: GeneratedSeriesOptions;
  /** What a counter stood at when its span began. */
  #origins?: number[];

  constructor(options: GeneratedSeriesOptions) {
    this.labels = options.labels;
    this.#options = options;
  }

  /** Whether it may have samples then. */
  overlaps(from: number, to: number): boolean {
    return this.#options.spans.some(
      span => span.from <= to && (span.to === undefined || span.to > from),
    );
  }

  latest(time: number, after: number, out: Sample): boolean {
    const scraped = this.#lastScrape(time);
    const span = this.#spanAt(scraped);
    // A span that is over is marked as such by the next scrape.
    if (span < 0 || scraped <= after) {
      return false;
    }
    out.time = scraped;
    out.value = this.#valueAt(scraped, span);
    return true;
  }

  collect(from: number, to: number, out: SampleBuffer): void {
    const { interval } = this.#options.schedule;
    for (
      let time = this.#lastScrape(from) + interval;
      time <= to;
      time += interval
    ) {
      const span = this.#spanAt(time);
      if (span >= 0) {
        out.push(time, this.#valueAt(time, span));
      }
    }
  }

  summarize(from: number, to: number): CounterWindow | undefined {
    const { schedule, counter } = this.#options;
    if (!counter) {
      return undefined;
    }
    const firstTime = this.#lastScrape(from) + schedule.interval;
    const lastTime = this.#lastScrape(to);
    const span = this.#spanAt(lastTime);
    if (lastTime < firstTime || span < 0 || this.#spanAt(firstTime) !== span) {
      return undefined;
    }
    return {
      count: Math.round((lastTime - firstTime) / schedule.interval) + 1,
      firstTime,
      firstValue: this.#valueAt(firstTime, span),
      lastTime,
      lastValue: this.#valueAt(lastTime, span),
      lost: 0,
    };
  }

  #lastScrape(time: number): number {
    const { offset, interval } = this.#options.schedule;
    return Math.floor((time - offset) / interval) * interval + offset;
  }

  /** The number of the span that covers a time, or -1. */
  #spanAt(time: number): number {
    const { spans } = this.#options;
    for (let index = spans.length - 1; index >= 0; index--) {
      const { from, to } = spans[index];
      if (from <= time) {
        return to === undefined || time < to ? index : -1;
      }
    }
    return -1;
  }

  #valueAt(time: number, span: number): number {
    const { counter, spans } = this.#options;
    const value = this.#options.valueAt(time);
    if (!counter) {
      return value;
    }
    this.#origins ??= spans.map(({ from }) => this.#options.valueAt(from));
    const counted = value - this.#origins[span];
    return counter === 'whole' ? Math.floor(counted) : counted;
  }
}
