import type { LabelConditions } from '@waystone/integrations';

/**
 * Which metrics mean requests, errors and durations, as data.
 *
 * @remarks
 * `{count}` counts all requests that have the labels of `where`; those that `errors` also fits have failed.
 */
export interface Recipe {
  readonly id: string;
  readonly title: string;
  /** A counter of requests, or the `_count` of a histogram. */
  readonly count: string;
  readonly where: LabelConditions;
  readonly errors: LabelConditions;
  /** The buckets of how long requests take, if there are any. */
  readonly duration?: {
    readonly buckets: string;
    /** Which of the histogram, if it has more than requests. @defaultValue `where` */
    readonly where?: LabelConditions;
    /** What one of its units is in seconds: 1, or 0.001 of milliseconds. */
    readonly seconds: number;
  };
  /** The labels that say whose it is. */
  readonly labels: { readonly namespace: string; readonly service: string };
  /** The labels that tell requests apart. */
  readonly breakdown: {
    readonly method?: string;
    readonly route?: string;
    readonly status?: string;
  };
}
