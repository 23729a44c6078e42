import type { Upstream } from '../core/UpstreamRegistry';
import type { StepOptions } from './chooseStep';
import type { Promql } from './promql';
import type {
  PrometheusAlert,
  PrometheusMetadata,
  PrometheusNotes,
  PrometheusQueryResult,
  PrometheusRangeResult,
  PrometheusRuleGroup,
  PrometheusTarget,
} from './types';

/** @public */
export interface PrometheusCallOptions {
  readonly signal?: AbortSignal;
  /** How long Prometheus may work on it, in milliseconds. @defaultValue 20,000 for queries, else 8,000 */
  readonly timeoutMs?: number;
}

/** All times are in seconds since 1970. @public */
export interface PrometheusTimeRange {
  readonly start: number;
  readonly end: number;
}

/** @public */
export interface PrometheusRangeOptions
  extends PrometheusCallOptions,
    PrometheusTimeRange,
    StepOptions {
  /** In seconds, if not chosen by the length of the range. Made larger if there would be too many points. */
  readonly step?: number;
}

/** Which series; the range is optional and narrows. @public */
export interface PrometheusSeriesOptions
  extends PrometheusCallOptions,
    Partial<PrometheusTimeRange> {
  /** With several, those that any of them selects. */
  readonly match?: readonly Promql[];
  /** How many at most. */
  readonly limit?: number;
}

/** A list that may be incomplete, as its warnings say. @public */
export interface PrometheusList<T> extends PrometheusNotes {
  readonly items: readonly T[];
}

/**
 * One Prometheus, or anything with its API.
 *
 * @public
 */
export interface PrometheusClient {
  readonly instance: string;
  readonly upstream: Upstream;
  /** Evaluates a query at one time, now unless said otherwise. */
  query(
    query: Promql,
    options?: PrometheusCallOptions & {
      readonly time?: number;
      readonly limit?: number;
    },
  ): Promise<PrometheusQueryResult>;
  /** Evaluates a query over time, with a step that keeps the number of points in bounds. */
  queryRange(
    query: Promql,
    options: PrometheusRangeOptions,
  ): Promise<PrometheusRangeResult>;
  /** The labels of all series that are selected. */
  series(
    options: PrometheusSeriesOptions & { readonly match: readonly Promql[] },
  ): Promise<PrometheusList<Readonly<Record<string, string>>>>;
  labelNames(
    options?: PrometheusSeriesOptions,
  ): Promise<PrometheusList<string>>;
  labelValues(
    name: string,
    options?: PrometheusSeriesOptions,
  ): Promise<PrometheusList<string>>;
  /** The rules, of one kind if said so. Servers that are older than 3 may ignore the filter by labels. */
  rules(
    options?: PrometheusCallOptions & {
      readonly type?: 'alert' | 'record';
      readonly match?: readonly Promql[];
    },
  ): Promise<PrometheusList<PrometheusRuleGroup>>;
  /** The alerts that are pending or firing. */
  alerts(
    options?: PrometheusCallOptions,
  ): Promise<PrometheusList<PrometheusAlert>>;
  /** What is scraped. */
  targets(
    options?: PrometheusCallOptions & { readonly scrapePool?: string },
  ): Promise<PrometheusList<PrometheusTarget>>;
  /** What is known of the metrics, or of one. */
  metadata(
    options?: PrometheusCallOptions & { readonly metric?: string },
  ): Promise<Readonly<Record<string, readonly PrometheusMetadata[]>>>;
  /** The version; undefined if the server has no such endpoint. */
  buildInfo(
    options?: PrometheusCallOptions,
  ): Promise<
    { readonly version: string; readonly revision: string } | undefined
  >;
  close(): Promise<void>;
}
