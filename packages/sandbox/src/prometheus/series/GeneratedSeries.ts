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
    const { schedule, spans, counter } = this.#options;
    if (!counter) {
      return undefined;
    }
    const { interval } = schedule;
    const begin = this.#lastScrape(from) + interval;
    const end = this.#lastScrape(to);
    let summary: CounterWindow | undefined;
    for (let index = 0; index < spans.length; index++) {
      const span = spans[index];
      // The first and the last scrape that find it counting
      const first = Math.max(begin, this.#lastScrape(span.from - 1) + interval);
      const last =
        span.to === undefined
          ? end
          : Math.min(end, this.#lastScrape(span.to - 1));
      if (first <= last) {
        const firstValue = this.#valueAt(first, index);
        const fell = summary !== undefined && firstValue < summary.lastValue;
        summary = {
          count:
            (summary?.count ?? 0) + Math.round((last - first) / interval) + 1,
          firstTime: summary?.firstTime ?? first,
          firstValue: summary?.firstValue ?? firstValue,
          lastTime: last,
          lastValue: this.#valueAt(last, index),
          lost: (summary?.lost ?? 0) + (fell ? summary!.lastValue : 0),
        };
      }
    }
    return summary;
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
