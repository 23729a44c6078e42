import { METRIC_NAME } from '../promql/Labels';
import type { Labels } from '../promql/Labels';
import type { Matcher } from '../promql/Matcher';
import type { SampleSeries, SeriesSource } from '../promql/SeriesSource';
import { StoredSeries } from '../promql/StoredSeries';

/** How long results of rules are kept, in milliseconds. */
const RETENTION = 24 * 3600 * 1000;

/** How many series rules can make. */
const MOST_SERIES = 20_000;

/**
 * What the rules have recorded.
 *
 * @internal
 */
export class RecordedSource implements SeriesSource {
  readonly #byName = new Map<string, Map<string, StoredSeries>>();
  #count = 0;

  /** Adds a sample; undefined ends the series. */
  append(labels: Labels, time: number, value: number | undefined): void {
    const name = labels.get(METRIC_NAME);
    let family = this.#byName.get(name);
    if (!family) {
      family = new Map();
      this.#byName.set(name, family);
    }
    let series = family.get(labels.key);
    if (!series) {
      if (this.#count >= MOST_SERIES || value === undefined) {
        return;
      }
      series = new StoredSeries(labels);
      family.set(labels.key, series);
      this.#count++;
    }
    series.append(time, value);
    if ((series.firstTime ?? time) < time - RETENTION - RETENTION / 8) {
      series.forget(time - RETENTION);
    }
  }

  *select(
    matchers: readonly Matcher[],
    from: number,
    to: number,
  ): Iterable<SampleSeries> {
    const names = matchers.filter(({ name }) => name === METRIC_NAME);
    for (const [name, family] of this.#byName) {
      if (!names.every(matcher => matcher.matches(name))) {
        continue;
      }
      for (const series of family.values()) {
        const { labels, firstTime = to, lastTime = from } = series;
        if (
          lastTime > from &&
          firstTime <= to &&
          matchers.every(matcher => matcher.matches(labels.get(matcher.name)))
        ) {
          yield series;
        }
      }
    }
  }

  /** Forgets series that have ended long ago. */
  forget(before: number): void {
    for (const [name, family] of this.#byName) {
      for (const [key, series] of family) {
        if ((series.lastTime ?? 0) < before) {
          family.delete(key);
          this.#count--;
        }
      }
      if (family.size === 0) {
        this.#byName.delete(name);
      }
    }
  }
}
