import { StaleWhileRevalidateCache } from '@waystone/integrations';
import type { PrometheusRangeResult } from '@waystone/integrations';
import type {
  Chart,
  ChartSeries,
  MetricsResponse,
} from '@waystone/plugin-observability-common';
import type { ServiceMetricsPlace } from '../model/HealthModel';
import { PART_LABEL } from '../recipes/expressions';
import {
  contextQuery,
  durationsQuery,
  requestsQuery,
  yesterdayQuery,
} from './chartQueries';
import type { ChartScope } from './chartQueries';
import { readAlertSpans } from './readAlertSpans';

/** How many points a chart has at most. */
const POINTS = 240;

const DAY = 86_400;

/** A range and its step, in seconds since 1970, at whole steps. */
export interface ChartRange {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** What a query came to, or why it came to nothing. */
type Outcome = PrometheusRangeResult | { readonly problem: string };

type Charts = Omit<MetricsResponse, 'freshness' | 'environment'>;

/**
 * The charts of a service, kept for a short while: many who look at the same service cause four queries, whatever they
 * are.
 */
export class ServiceCharts {
  readonly #caches = new Map<string, StaleWhileRevalidateCache<Charts>>();

  static create(): ServiceCharts {
    return new ServiceCharts();
  }

  private constructor() {}

  /**
   * @param range - as long as it says; its end is now, or where it was said to end
   */
  async read(
    place: ServiceMetricsPlace,
    options: {
      readonly seconds: number;
      readonly end?: number;
      readonly compare: boolean;
      readonly signal?: AbortSignal;
    },
  ): Promise<MetricsResponse> {
    const { compare, end, seconds, signal } = options;
    const { fleet, workload } = place;
    const step = stepOf(seconds);
    const key = [
      workload.cluster ?? '',
      workload.namespace,
      workload.service,
      place.recipe?.id ?? '',
      seconds,
      end ?? 'now',
      compare,
    ].join('\n');
    const { freshness, value } = await this.#cacheOf(fleet.source).get(
      { resource: key },
      async () => {
        const last = Math.floor((end ?? fleet.now()) / step) * step;
        return {
          value: await readCharts(place, {
            range: {
              start: Math.floor((last - seconds) / step) * step,
              end: last,
              step,
            },
            compare,
          }),
        };
      },
      { signal },
    );
    return {
      ...value,
      environment: place.environment,
      freshness: [{ ...freshness }],
    };
  }

  #cacheOf(source: string): StaleWhileRevalidateCache<Charts> {
    let cache = this.#caches.get(source);
    if (!cache) {
      cache = new StaleWhileRevalidateCache<Charts>({
        name: 'charts',
        source,
        maxEntries: 300,
        freshMs: 15_000,
        staleWhileRevalidateMs: 60_000,
      });
      this.#caches.set(source, cache);
    }
    return cache;
  }
}

/** Steps that people can read on an axis. */
function stepOf(seconds: number): number {
  const steps = [
    15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 10_800, 21_600, 43_200,
  ];
  return steps.find(step => seconds / step <= POINTS) ?? DAY;
}

async function readCharts(
  place: ServiceMetricsPlace,
  options: { readonly range: ChartRange; readonly compare: boolean },
): Promise<Charts> {
  const { compare, range } = options;
  const { client } = place.fleet;
  const scope: ChartScope = {
    place,
    // A rate needs several samples, however short the step is.
    window: Math.max(range.step, 120),
  };
  let failure: unknown;
  const run = async (
    query: ReturnType<typeof requestsQuery>,
  ): Promise<Outcome | undefined> => {
    if (!query) {
      return undefined;
    }
    try {
      return await client.queryRange(query, range);
    } catch (error) {
      failure = error;
      return {
        problem: error instanceof Error ? error.message : String(error),
      };
    }
  };
  const queries = [
    requestsQuery(scope),
    durationsQuery(scope),
    contextQuery(scope),
    ...(compare ? [yesterdayQuery(scope, DAY)] : []),
  ];
  const outcomes = await Promise.all(queries.map(run));
  const asked = outcomes.filter(outcome => outcome !== undefined);
  if (failure && asked.every(outcome => 'problem' in outcome)) {
    // Nothing came of it: what was known before says more.
    throw failure;
  }
  const [requests, durations, context, yesterday] = outcomes;
  const build = (
    id: Chart['id'],
    unit: Chart['unit'],
    outcome: Outcome | undefined,
    names: readonly string[],
    nothing: string,
  ): Chart =>
    buildChart({ id, unit, outcome, names, nothing, yesterday, range });
  const charts = [
    build(
      'requests',
      'per-second',
      requests,
      ['requests'],
      'There are no metrics of requests.',
    ),
    build(
      'errors',
      'ratio',
      withRatio(requests),
      ['errors'],
      'There were no requests.',
    ),
    build(
      'duration',
      'seconds',
      durations,
      ['p50', 'p95', 'p99'],
      place.recipe && !place.recipe.duration
        ? `${place.recipe.title} has no metrics of durations.`
        : 'There is no histogram of durations.',
    ),
    build(
      'cpu',
      'cores',
      context,
      ['cpu'],
      'There are no metrics of containers.',
    ),
    build(
      'memory',
      'bytes',
      context,
      ['memory'],
      'There are no metrics of containers.',
    ),
  ];
  return {
    ...range,
    charts: charts.map(chart => ({
      ...chart,
      limit: limitOf(chart.id, context),
    })),
    alerts:
      context && 'series' in context ? readAlertSpans(context, range) : [],
    warnings: [
      ...new Set(
        asked.flatMap(outcome => ('series' in outcome ? outcome.warnings : [])),
      ),
      ...describeSkew(place.fleet.skew),
    ],
  };
}

function buildChart(options: {
  readonly id: Chart['id'];
  readonly unit: Chart['unit'];
  readonly outcome: Outcome | undefined;
  readonly names: readonly string[];
  readonly nothing: string;
  readonly yesterday: Outcome | undefined;
  readonly range: ChartRange;
}): Chart {
  const { id, names, nothing, outcome, range, unit, yesterday } = options;
  if (outcome && 'problem' in outcome) {
    return { id, unit, series: [], problem: outcome.problem };
  }
  const before = id === 'errors' ? withRatio(yesterday) : yesterday;
  const series = names.flatMap((name): ChartSeries[] => {
    const values = valuesOf(outcome, name, range);
    return values
      ? [{ id: name, values, yesterday: valuesOf(before, name, range) }]
      : [];
  });
  return series.length > 0
    ? { id, unit, series }
    : { id, unit, series, problem: nothing };
}

/** The values of a part at each step; undefined if there is not one. */
function valuesOf(
  outcome: Outcome | undefined,
  part: string,
  { end, start, step }: ChartRange,
): (number | null)[] | undefined {
  const found =
    outcome && 'series' in outcome
      ? outcome.series.find(({ metric }) => metric[PART_LABEL] === part)
      : undefined;
  if (!found) {
    return undefined;
  }
  const values = new Array<number | null>(
    Math.round((end - start) / step) + 1,
  ).fill(null);
  for (const { time, value } of found.values) {
    const index = Math.round((time - start) / step);
    if (index >= 0 && index < values.length && Number.isFinite(value)) {
      values[index] = Number(value.toPrecision(6));
    }
  }
  return values.some(value => value !== null) ? values : undefined;
}

/** Failures as a share of the requests; none failed where there are requests and no failures. */
function withRatio(outcome: Outcome | undefined): Outcome | undefined {
  if (!outcome || 'problem' in outcome) {
    return outcome;
  }
  const find = (part: string) =>
    outcome.series.find(({ metric }) => metric[PART_LABEL] === part);
  const requests = find('requests');
  const errors = new Map(
    find('errors')?.values.map(({ time, value }) => [time, value]),
  );
  return {
    ...outcome,
    series: [
      {
        metric: { [PART_LABEL]: 'errors' },
        histograms: [],
        values: (requests?.values ?? []).flatMap(({ time, value }) =>
          value > 0 ? [{ time, value: (errors.get(time) ?? 0) / value }] : [],
        ),
      },
    ],
  };
}

function limitOf(
  id: Chart['id'],
  context: Outcome | undefined,
): number | undefined {
  const values =
    context && 'series' in context
      ? context.series.find(
          ({ metric }) => metric[PART_LABEL] === `${id}-limit`,
        )?.values
      : undefined;
  const last = values?.at(-1)?.value;
  return last !== undefined && Number.isFinite(last) ? last : undefined;
}

function describeSkew(seconds: number): string[] {
  if (seconds === 0) {
    return [];
  }
  const minutes = Math.max(1, Math.round(Math.abs(seconds) / 60));
  return [
    `The clock of Prometheus is ${minutes} min ${
      seconds > 0 ? 'ahead of' : 'behind'
    } the portal's. Times are those of Prometheus.`,
  ];
}
