import { Annotations } from './Annotations';
import { Evaluator } from './Evaluator';
import { typeOf } from './Expression';
import { compareLabels, Labels } from './Labels';
import { parseQuery } from './parseQuery';
import { PromqlError } from './PromqlError';
import { QueryBudget } from './QueryBudget';
import type { SeriesSource } from './SeriesSource';
import type { Value } from './Value';

/** A value at a time in milliseconds. */
export interface Point {
  readonly time: number;
  readonly value: number;
}

/**
 * What a query comes to.
 *
 * @internal
 */
export type QueryResult = {
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
} & (
  | { readonly type: 'scalar'; readonly point: Point }
  | { readonly type: 'string'; readonly time: number; readonly value: string }
  | {
      readonly type: 'vector';
      readonly series: readonly { labels: Labels; point: Point }[];
    }
  | {
      readonly type: 'matrix';
      readonly series: readonly { labels: Labels; points: readonly Point[] }[];
    }
);

/** @internal */
export interface QueryOptions {
  readonly signal?: AbortSignal;
  /** In milliseconds. */
  readonly timeout?: number;
  /** How old a sample may be to count, in milliseconds. */
  readonly lookback?: number;
}

/** @internal */
export interface QueryEngineOptions {
  readonly source: SeriesSource;
  /** @defaultValue 2 minutes */
  readonly timeout?: number;
  /** @defaultValue 50,000,000 */
  readonly maxSamples?: number;
  /** @defaultValue 5 minutes */
  readonly lookback?: number;
  /** The step of subqueries without one. @defaultValue 1 minute */
  readonly subqueryStep?: number;
}

/**
 * Answers PromQL queries as Prometheus 3 does. Times are in milliseconds.
 *
 * @internal
 */
export class QueryEngine {
  readonly #options: Required<QueryEngineOptions>;

  constructor(options: QueryEngineOptions) {
    this.#options = {
      timeout: 120_000,
      maxSamples: 50_000_000,
      lookback: 300_000,
      subqueryStep: 60_000,
      ...options,
    };
  }

  /**
   * Evaluates at one time.
   *
   * @throws {@link PromqlError}
   */
  async queryInstant(
    query: string,
    time: number,
    options: QueryOptions = {},
  ): Promise<QueryResult> {
    const expression = parseQuery(query);
    const annotations = new Annotations(query);
    const budget = this.#budget(options);
    budget.check();
    const evaluator = new Evaluator(
      this.#evaluatorOptions(options, annotations, budget, {
        start: time,
        end: time,
        step: 1,
      }),
    );
    if (typeOf(expression) === 'matrix') {
      const series = await evaluator.readMatrix(expression);
      return { type: 'matrix', series, ...notesOf(annotations) };
    }
    const value = await evaluator.evaluate(expression);
    return { ...toInstant(value, time), ...notesOf(annotations) };
  }

  /**
   * Evaluates at each step from start to end.
   *
   * @throws {@link PromqlError}
   */
  async queryRange(
    query: string,
    range: {
      readonly start: number;
      readonly end: number;
      readonly step: number;
    },
    options: QueryOptions = {},
  ): Promise<Extract<QueryResult, { type: 'matrix' }>> {
    const expression = parseQuery(query);
    const type = typeOf(expression);
    if (type !== 'vector' && type !== 'scalar') {
      throw new PromqlError(
        'bad_data',
        `invalid expression type "${
          type === 'matrix' ? 'range vector' : type
        }" for range query, must be Scalar or instant Vector`,
      );
    }
    const annotations = new Annotations(query);
    const budget = this.#budget(options);
    budget.check();
    const evaluator = new Evaluator(
      this.#evaluatorOptions(options, annotations, budget, range),
    );
    const value = await evaluator.evaluate(expression);
    const series = toMatrix(value, evaluator);
    return { type: 'matrix', series, ...notesOf(annotations) };
  }

  #budget({ timeout, signal }: QueryOptions): QueryBudget {
    return new QueryBudget({
      timeout: Math.min(timeout ?? Infinity, this.#options.timeout),
      maxSamples: this.#options.maxSamples,
      signal,
    });
  }

  #evaluatorOptions(
    options: QueryOptions,
    annotations: Annotations,
    budget: QueryBudget,
    range: { start: number; end: number; step: number },
  ) {
    return {
      source: this.#options.source,
      lookback: options.lookback ?? this.#options.lookback,
      subqueryStep: this.#options.subqueryStep,
      queryStart: range.start,
      queryEnd: range.end,
      annotations,
      budget,
      ...range,
    };
  }
}

function notesOf({ warnings, infos }: Annotations) {
  return { warnings, infos };
}

function toInstant(value: Value, time: number) {
  switch (value.type) {
    case 'scalar':
      return {
        type: 'scalar' as const,
        point: { time, value: value.values[0] },
      };
    case 'string':
      return { type: 'string' as const, time, value: value.value };
    default:
      return {
        type: 'vector' as const,
        series: value.series
          .filter(({ present }) => present[0] === 1)
          .map(({ labels, values }) => ({
            labels,
            point: { time, value: values[0] },
          })),
      };
  }
}

function toMatrix(value: Value, evaluator: Evaluator) {
  if (value.type === 'string') {
    return [];
  }
  if (value.type === 'scalar') {
    const points = Array.from(value.values, (number, step) => ({
      time: evaluator.timeAt(step),
      value: number,
    }));
    return [{ labels: Labels.EMPTY, points }];
  }
  return value.series
    .map(({ labels, values, present }) => {
      const points: Point[] = [];
      for (let step = 0; step < values.length; step++) {
        if (present[step] === 1) {
          points.push({ time: evaluator.timeAt(step), value: values[step] });
        }
      }
      return { labels, points };
    })
    .filter(({ points }) => points.length > 0)
    .sort((left, right) => compareLabels(left.labels, right.labels));
}
