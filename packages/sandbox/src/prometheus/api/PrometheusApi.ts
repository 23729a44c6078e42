import type { Matcher } from '../promql/Matcher';
import { formatExpression } from '../promql/formatExpression';
import { compareLabels, compareText } from '../promql/Labels';
import type { Labels } from '../promql/Labels';
import { parseQuery } from '../promql/parseQuery';
import { PromqlError } from '../promql/PromqlError';
import type { QueryEngine, QueryResult } from '../promql/QueryEngine';
import { QueryBudget } from '../promql/QueryBudget';
import type { SampleSeries, SeriesSource } from '../promql/SeriesSource';
import type { RuleManager } from '../rules/RuleManager';
import { METRIC_FAMILIES } from '../series/SimulatedSource';
import type { Simulation } from '../series/Simulation';
import {
  invalidParameter,
  readDuration,
  readLimit,
  readOptionalTime,
  readSelectors,
  readTime,
} from './parameters';
import { describeAlerts, describeGroups } from './describeRules';
import { describeTargets } from './describeTargets';
import { describeTsdb, STATUS } from './describeStatus';
import { toApiData } from './toApiData';

/** A successful answer. */
export interface ApiAnswer {
  readonly data: unknown;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** @internal */
export interface PrometheusApiOptions {
  readonly engine: QueryEngine;
  readonly source: SeriesSource;
  readonly rules: RuleManager;
  readonly simulation: Simulation;
  readonly now: () => number;
  readonly startedAt: number;
  /** Where the alerts go, for people. */
  readonly alertmanagerUrl: string;
}

type Endpoint = (
  parameters: URLSearchParams,
  signal: AbortSignal,
) => ApiAnswer | Promise<ApiAnswer>;

const TRUNCATED = 'results truncated due to limit';

/** How many series the answers about labels look at, as a bound of the work. */
const MOST_SERIES = 1_000_000;

/**
 * The endpoints of Prometheus' HTTP API below `/api/v1`, without HTTP.
 *
 * @internal
 */
export class PrometheusApi {
  readonly #options: PrometheusApiOptions;
  readonly #endpoints: ReadonlyMap<string, Endpoint>;
  /** That take a form as well. */
  readonly #posted = new Set([
    'query',
    'query_range',
    'series',
    'labels',
    'format_query',
  ]);

  constructor(options: PrometheusApiOptions) {
    this.#options = options;
    this.#endpoints = new Map<string, Endpoint>([
      ['query', (parameters, signal) => this.#query(parameters, signal)],
      ['query_range', (parameters, signal) => this.#range(parameters, signal)],
      ['series', (parameters, signal) => this.#series(parameters, signal)],
      ['labels', (parameters, signal) => this.#labels(parameters, signal)],
      ['format_query', parameters => this.#format(parameters)],
      ['metadata', parameters => this.#metadata(parameters)],
      [
        'rules',
        parameters => ({
          data: describeGroups(options.rules.groups, parameters),
        }),
      ],
      ['alerts', () => ({ data: describeAlerts(options.rules.groups) })],
      [
        'targets',
        parameters => ({
          data: describeTargets(options.simulation, parameters, options.now()),
        }),
      ],
      ['scrape_pools', () => this.#scrapePools()],
      [
        'alertmanagers',
        () => ({
          data: {
            activeAlertmanagers: [
              { url: `${options.alertmanagerUrl}/api/v2/alerts` },
            ],
            droppedAlertmanagers: [],
          },
        }),
      ],
      ['status/buildinfo', () => ({ data: STATUS.buildinfo })],
      ['status/flags', () => ({ data: STATUS.flags })],
      ['status/config', () => ({ data: STATUS.config })],
      [
        'status/runtimeinfo',
        () => ({
          data: {
            ...STATUS.runtimeinfo,
            startTime: new Date(options.startedAt).toISOString(),
            lastConfigTime: new Date(options.startedAt).toISOString(),
            serverTime: new Date(options.now()).toISOString(),
          },
        }),
      ],
      [
        'status/tsdb',
        parameters => ({
          data: describeTsdb(options.simulation, parameters, options.now()),
        }),
      ],
    ]);
  }

  /**
   * Finds what answers a path below `/api/v1/`.
   *
   * @returns undefined where there is nothing; `methods` are the ones that are allowed
   */
  find(
    path: string,
  ): { methods: readonly string[]; answer: Endpoint } | undefined {
    const label = /^label\/([^/]+)\/values$/.exec(path);
    if (label) {
      const name = decodeSegment(label[1]);
      return {
        methods: ['GET'],
        answer: (parameters, signal) =>
          this.#labelValues(name, parameters, signal),
      };
    }
    const answer = this.#endpoints.get(path);
    return (
      answer && {
        methods: this.#posted.has(path) ? ['GET', 'POST'] : ['GET'],
        answer,
      }
    );
  }

  #queryOptions(parameters: URLSearchParams, signal: AbortSignal) {
    return {
      signal,
      timeout: parameters.get('timeout')
        ? readDuration(parameters, 'timeout')
        : undefined,
      lookback: parameters.get('lookback_delta')
        ? readDuration(parameters, 'lookback_delta') || undefined
        : undefined,
    };
  }

  async #query(
    parameters: URLSearchParams,
    signal: AbortSignal,
  ): Promise<ApiAnswer> {
    const limit = readLimit(parameters);
    const time = readOptionalTime(parameters, 'time', this.#options.now());
    const options = this.#queryOptions(parameters, signal);
    const result = await asParameter('query', () =>
      this.#options.engine.queryInstant(
        parameters.get('query') ?? '',
        time,
        options,
      ),
    );
    return toAnswer(result, limit);
  }

  async #range(
    parameters: URLSearchParams,
    signal: AbortSignal,
  ): Promise<ApiAnswer> {
    const limit = readLimit(parameters);
    const start = readTime(parameters, 'start');
    const end = readTime(parameters, 'end');
    if (end < start) {
      throw invalidParameter(
        'end',
        'end timestamp must not be before start time',
      );
    }
    const step = readDuration(parameters, 'step');
    if (step <= 0) {
      throw invalidParameter(
        'step',
        'zero or negative query resolution step widths are not accepted. Try a positive integer',
      );
    }
    if (Math.floor((end - start) / step) > 11_000) {
      throw new PromqlError(
        'bad_data',
        'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
      );
    }
    const options = this.#queryOptions(parameters, signal);
    const result = await asParameter('query', () =>
      this.#options.engine.queryRange(
        parameters.get('query') ?? '',
        { start, end, step },
        options,
      ),
    );
    return toAnswer(result, limit);
  }

  #format(parameters: URLSearchParams): ApiAnswer {
    try {
      return {
        data: formatExpression(parseQuery(parameters.get('query') ?? '')),
      };
    } catch (error) {
      throw error instanceof PromqlError
        ? invalidParameter('query', error.message)
        : error;
    }
  }

  async #series(
    parameters: URLSearchParams,
    signal: AbortSignal,
  ): Promise<ApiAnswer> {
    if (!parameters.has('match[]')) {
      throw new PromqlError('bad_data', 'no match[] parameter provided');
    }
    const limit = readLimit(parameters);
    const found = new Map<string, Labels>();
    await this.#visit(parameters, signal, ({ labels }) => {
      found.set(labels.key, labels);
    });
    const sorted = [...found.values()].sort(compareLabels);
    return truncate(
      sorted.map(labels => labels.toRecord()),
      limit,
    );
  }

  async #labels(
    parameters: URLSearchParams,
    signal: AbortSignal,
  ): Promise<ApiAnswer> {
    const limit = readLimit(parameters);
    const names = new Set<string>();
    await this.#visit(parameters, signal, ({ labels }) =>
      labels.names.forEach(name => names.add(name)),
    );
    return truncate([...names].sort(compareText), limit);
  }

  async #labelValues(
    name: string,
    parameters: URLSearchParams,
    signal: AbortSignal,
  ): Promise<ApiAnswer> {
    const limit = readLimit(parameters);
    const values = new Set<string>();
    await this.#visit(parameters, signal, ({ labels }) => {
      const value = labels.get(name);
      if (value) {
        values.add(value);
      }
    });
    return truncate([...values].sort(compareText), limit);
  }

  async #visit(
    parameters: URLSearchParams,
    signal: AbortSignal,
    visit: (series: SampleSeries) => void,
  ): Promise<void> {
    const start = readOptionalTime(parameters, 'start', 0);
    const end = readOptionalTime(parameters, 'end', this.#options.now());
    const selectors: readonly (readonly Matcher[])[] = parameters.has('match[]')
      ? readSelectors(parameters)
      : [[]];
    const budget = new QueryBudget({
      timeout: 120_000,
      maxSamples: MOST_SERIES,
      signal,
    });
    for (const matchers of selectors) {
      for (const series of this.#options.source.select(matchers, start, end)) {
        budget.spend(1);
        visit(series);
        if (budget.due()) {
          await budget.pause();
        }
      }
    }
  }

  #metadata(parameters: URLSearchParams): ApiAnswer {
    const text = parameters.get('limit');
    if (text && !/^-?\d+$/.test(text)) {
      throw new PromqlError('bad_data', 'limit must be a number');
    }
    const limit = text ? Number(text) : -1;
    const wanted = parameters.get('metric');
    const entries = new Map<string, unknown>();
    for (const { metadata } of METRIC_FAMILIES) {
      const { metric, type, unit, help } = metadata;
      const full = limit >= 0 && entries.size >= limit && !entries.has(metric);
      if (!full && (!wanted || wanted === metric)) {
        entries.set(metric, [{ type, unit, help }]);
      }
    }
    return { data: Object.fromEntries(entries) };
  }

  #scrapePools(): ApiAnswer {
    const pools = new Set<string>();
    for (const { record } of this.#options.simulation.workloads()) {
      pools.add(`serviceMonitor/${record.namespace}/${record.name}/0`);
    }
    return { data: { scrapePools: [...pools].sort(compareText) } };
  }
}

/** Prometheus says of an unreadable query which parameter it was in. */
async function asParameter<T>(name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof PromqlError && error.type === 'bad_data'
      ? invalidParameter(name, error.message)
      : error;
  }
}

function toAnswer(result: QueryResult, limit: number): ApiAnswer {
  const { infos } = result;
  let { warnings } = result;
  let shortened = result;
  if (
    (result.type === 'vector' || result.type === 'matrix') &&
    limit > 0 &&
    result.series.length > limit
  ) {
    shortened = {
      ...result,
      series: result.series.slice(0, limit),
    } as QueryResult;
    warnings = [...warnings, TRUNCATED];
  }
  return { data: toApiData(shortened), warnings, infos };
}

function truncate(data: readonly unknown[], limit: number): ApiAnswer {
  return limit > 0 && data.length > limit
    ? { data: data.slice(0, limit), warnings: [TRUNCATED] }
    : { data };
}

/** As it is if it cannot be decoded: such a label has no values. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
