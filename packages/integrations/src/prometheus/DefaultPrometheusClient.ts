import type { z } from 'zod';
import { refusesCredentials } from '../core/refusesCredentials';
import { UpstreamError } from '../core/UpstreamError';
import type { UpstreamHttp, UpstreamRequest } from '../core/UpstreamHttp';
import { pathOf } from '../core/UpstreamHttp';
import type { Upstream } from '../core/UpstreamRegistry';
import { alignRange, chooseStep } from './chooseStep';
import type {
  PrometheusCallOptions,
  PrometheusClient,
  PrometheusList,
  PrometheusRangeOptions,
  PrometheusSeriesOptions,
} from './Client';
import type { Promql } from './promql';
import {
  alertsSchema,
  buildInfoSchema,
  metadataSchema,
  namesSchema,
  querySchema,
  rangeSchema,
  rulesSchema,
  seriesSchema,
  targetsSchema,
} from './types';
import type { PrometheusQueryResult, PrometheusRangeResult } from './types';

type Parameters = Record<
  string,
  string | number | readonly string[] | undefined
>;

/** Longer addresses are refused by some proxies; a form may be longer. */
const LONGEST_ADDRESS = 1_500;

const QUERY_TIMEOUT = 20_000;

/** So much longer than Prometheus itself is waited, so that its own answer arrives. */
const GRACE = 2_000;

/** Prometheus refuses more points of a series. */
const MOST_STEPS = 11_000;

/** @internal */
export class DefaultPrometheusClient implements PrometheusClient {
  readonly #http: UpstreamHttp;

  constructor(http: UpstreamHttp) {
    this.#http = http;
  }

  get instance(): string {
    return this.#http.instance;
  }

  get upstream(): Upstream {
    return {
      system: 'prometheus',
      instance: this.instance,
      url: this.#http.baseUrl,
      probe: async signal => {
        try {
          const info = await this.buildInfo({ signal });
          if (!info) {
            // Not all that have the API have this endpoint.
            await this.#read(
              'probe',
              '/api/v1/query',
              { query: '1' },
              querySchema,
              { signal },
            );
          }
          return { version: info?.version, authenticated: true };
        } catch (error) {
          if (refusesCredentials(error)) {
            return { authenticated: false };
          }
          throw error;
        }
      },
      health: () => this.#http.health(),
      caches: () => [],
    };
  }

  async query(
    query: Promql,
    options: PrometheusCallOptions & { time?: number; limit?: number } = {},
  ): Promise<PrometheusQueryResult> {
    const { time, limit } = options;
    const answer = await this.#evaluate(
      'query',
      { query: query.toString(), time, limit },
      querySchema,
      options,
    );
    const notes = notesOf(answer);
    const { data } = answer;
    switch (data.resultType) {
      case 'vector':
        return { type: 'vector', series: data.result, ...notes };
      case 'matrix':
        return { type: 'matrix', series: data.result, ...notes };
      case 'scalar':
        return { type: 'scalar', value: data.result, ...notes };
      default:
        return { type: 'string', value: data.result[1], ...notes };
    }
  }

  async queryRange(
    query: Promql,
    options: PrometheusRangeOptions,
  ): Promise<PrometheusRangeResult> {
    const length = options.end - options.start;
    if (!(length >= 0)) {
      throw new UpstreamError({
        system: 'prometheus',
        instance: this.instance,
        operation: 'query-range',
        code: 'invalid',
        reason: 'the range ends before it starts',
      });
    }
    let step = options.step ?? chooseStep(length, options);
    if (!(step > 0) || length / step > MOST_STEPS - 1) {
      step = chooseStep(length, {
        points: MOST_STEPS - 1,
        scrapeInterval: Math.max(options.step ?? 0, 1),
      });
    }
    const { start, end } = alignRange(options, step);
    const answer = await this.#evaluate(
      'query_range',
      { query: query.toString(), start, end, step },
      rangeSchema,
      options,
    );
    return {
      series: answer.data.result,
      start,
      end,
      step,
      ...notesOf(answer),
    };
  }

  async series(
    options: PrometheusSeriesOptions & { match: readonly Promql[] },
  ) {
    return this.#list(
      'list-series',
      '/api/v1/series',
      selection(options),
      seriesSchema,
      options,
    );
  }

  async labelNames(options: PrometheusSeriesOptions = {}) {
    return this.#list(
      'list-labels',
      '/api/v1/labels',
      selection(options),
      namesSchema,
      options,
    );
  }

  async labelValues(name: string, options: PrometheusSeriesOptions = {}) {
    return this.#list(
      'list-label-values',
      pathOf`/api/v1/label/${name}/values`,
      selection(options),
      namesSchema,
      options,
    );
  }

  async rules(
    options: PrometheusCallOptions & {
      type?: 'alert' | 'record';
      match?: readonly Promql[];
    } = {},
  ) {
    const answer = await this.#read(
      'list-rules',
      '/api/v1/rules',
      { type: options.type, 'match[]': options.match?.map(String) },
      rulesSchema,
      options,
    );
    return { items: answer.data.groups, ...notesOf(answer) };
  }

  async alerts(options: PrometheusCallOptions = {}) {
    const answer = await this.#read(
      'list-alerts',
      '/api/v1/alerts',
      {},
      alertsSchema,
      options,
    );
    return { items: answer.data.alerts, ...notesOf(answer) };
  }

  async targets(options: PrometheusCallOptions & { scrapePool?: string } = {}) {
    const answer = await this.#read(
      'list-targets',
      '/api/v1/targets',
      { state: 'active', scrapePool: options.scrapePool },
      targetsSchema,
      options,
    );
    return { items: answer.data.activeTargets, ...notesOf(answer) };
  }

  async metadata(options: PrometheusCallOptions & { metric?: string } = {}) {
    const { data } = await this.#read(
      'read-metadata',
      '/api/v1/metadata',
      { metric: options.metric },
      metadataSchema,
      options,
    );
    return data;
  }

  async buildInfo(options: PrometheusCallOptions = {}) {
    const answer = await this.#http.findJson(
      {
        operation: 'read-version',
        path: '/api/v1/status/buildinfo',
        signal: options.signal,
        timeoutMs: options.timeoutMs,
      },
      buildInfoSchema,
    );
    return answer?.data;
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  async #evaluate<S extends z.ZodType>(
    endpoint: 'query' | 'query_range',
    parameters: Parameters,
    schema: S,
    options: PrometheusCallOptions,
  ): Promise<z.output<S>> {
    const timeoutMs = options.timeoutMs ?? QUERY_TIMEOUT;
    return this.#http.json(
      {
        ...this.#request(endpoint.replace('_', '-'), `/api/v1/${endpoint}`, {
          ...parameters,
          timeout: `${timeoutMs}ms`,
        }),
        signal: options.signal,
        timeoutMs: timeoutMs + GRACE,
        // Nothing is sent before all of it is computed.
        firstByteTimeoutMs: timeoutMs + GRACE,
      },
      schema,
    );
  }

  async #read<S extends z.ZodType>(
    operation: string,
    path: string,
    parameters: Parameters,
    schema: S,
    { signal, timeoutMs }: PrometheusCallOptions,
  ): Promise<z.output<S>> {
    return this.#http.json(
      { operation, path, query: parameters, signal, timeoutMs },
      schema,
    );
  }

  async #list<T>(
    operation: string,
    path: string,
    parameters: Parameters,
    schema: z.ZodType<{
      data: T[] | null;
      warnings?: string[] | null;
      infos?: string[] | null;
    }>,
    { signal, timeoutMs }: PrometheusCallOptions,
  ): Promise<PrometheusList<T>> {
    const isOneLabel = path.startsWith('/api/v1/label/');
    const answer = await this.#http.json(
      {
        ...(isOneLabel
          ? { operation, path, query: parameters }
          : this.#request(operation, path, parameters)),
        signal,
        timeoutMs,
      },
      schema,
    );
    return { items: answer.data ?? [], ...notesOf(answer) };
  }

  /** Puts long parameters into a form. It reads all the same and may be repeated. */
  #request(
    operation: string,
    path: string,
    parameters: Parameters,
  ): UpstreamRequest {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) {
      const values = Array.isArray(value) ? value : [value];
      values
        .filter(item => item !== undefined)
        .forEach(item => form.append(name, String(item)));
    }
    return form.toString().length > LONGEST_ADDRESS
      ? { operation, path, method: 'POST', body: form, idempotent: true }
      : { operation, path, query: parameters };
  }
}

function selection({
  match,
  start,
  end,
  limit,
}: PrometheusSeriesOptions): Parameters {
  return { 'match[]': match?.map(String), start, end, limit };
}

function notesOf(answer: {
  readonly warnings?: readonly string[] | null;
  readonly infos?: readonly string[] | null;
}) {
  return { warnings: answer.warnings ?? [], infos: answer.infos ?? [] };
}
