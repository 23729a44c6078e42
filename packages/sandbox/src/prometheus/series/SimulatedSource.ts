import { METRIC_NAME } from '../promql/Labels';
import type { Matcher } from '../promql/Matcher';
import type { SampleSeries, SeriesSource } from '../promql/SeriesSource';
import type { GeneratedSeries } from './GeneratedSeries';
import { createSeries } from './MetricFamily';
import type { MetricFamily, SimulatedWorkload } from './MetricFamily';
import { REQUEST_FAMILIES } from './requestFamilies';
import { RESOURCE_FAMILIES } from './resourceFamilies';
import { STATE_FAMILIES } from './stateFamilies';

/** How many series are kept ready; beyond that they are made anew for each query. */
const MOST_KEPT = 80_000;

/** All metrics that are simulated. */
export const METRIC_FAMILIES: readonly MetricFamily[] = [
  ...REQUEST_FAMILIES,
  ...RESOURCE_FAMILIES,
  ...STATE_FAMILIES,
];

/**
 * The series of all workloads, made when a query asks for them.
 *
 * @internal
 */
export class SimulatedSource implements SeriesSource {
  readonly #workloads: () => Iterable<SimulatedWorkload>;
  #kept = new Map<SimulatedWorkload, Map<string, GeneratedSeries[]>>();
  #count = 0;

  /** @param workloads - a workload that has changed is another object */
  constructor(workloads: () => Iterable<SimulatedWorkload>) {
    this.#workloads = workloads;
  }

  *select(
    matchers: readonly Matcher[],
    from: number,
    to: number,
  ): Iterable<SampleSeries> {
    const families = METRIC_FAMILIES.filter(({ name }) =>
      matchers.every(
        matcher => matcher.name !== METRIC_NAME || matcher.matches(name),
      ),
    );
    const others = matchers.filter(({ name }) => name !== METRIC_NAME);
    const ofWorkload = others.filter(
      ({ name }) => name === 'cluster' || name === 'namespace',
    );
    for (const workload of this.#workloads()) {
      const { cluster, namespace } = workload.record;
      const fits = ofWorkload.every(matcher =>
        matcher.matches(matcher.name === 'cluster' ? cluster : namespace),
      );
      if (!fits) {
        continue;
      }
      for (const family of families) {
        for (const series of this.#seriesOf(workload, family)) {
          const { labels } = series;
          if (
            series.overlaps(from, to) &&
            others.every(({ name, matches }) => matches(labels.get(name)))
          ) {
            yield series;
          }
        }
      }
    }
  }

  /** Forgets workloads that are no more, or have changed. */
  forget(workload: SimulatedWorkload): void {
    const families = this.#kept.get(workload);
    if (families) {
      this.#kept.delete(workload);
      families.forEach(series => {
        this.#count -= series.length;
      });
    }
  }

  #seriesOf(
    workload: SimulatedWorkload,
    family: MetricFamily,
  ): readonly GeneratedSeries[] {
    const known = this.#kept.get(workload)?.get(family.name);
    if (known) {
      return known;
    }
    const series = createSeries(family, workload);
    if (this.#count + series.length > MOST_KEPT) {
      this.#kept = new Map();
      this.#count = 0;
    }
    const families = this.#kept.get(workload) ?? new Map();
    families.set(family.name, series);
    this.#kept.set(workload, families);
    this.#count += series.length;
    return series;
  }
}
