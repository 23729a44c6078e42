import { z } from 'zod';

/**
 * A number as Prometheus writes it: `NaN`, `+Inf` and `-Inf` are values of their own and never become 0.
 */
const numberText = z.string().transform((text, context) => {
  switch (text) {
    case 'NaN':
      return NaN;
    case '+Inf':
    case 'Inf':
      return Infinity;
    case '-Inf':
      return -Infinity;
    default: {
      const value = Number(text);
      if (text.trim() === '' || Number.isNaN(value)) {
        context.addIssue({ code: 'custom', message: 'not a number' });
        return z.NEVER;
      }
      return value;
    }
  }
});

const point = z
  .tuple([z.number(), numberText])
  .transform(([time, value]): PrometheusPoint => ({ time, value }));

/**
 * A value at a time.
 *
 * @public
 */
export interface PrometheusPoint {
  /** In seconds since 1970, with a fraction. */
  readonly time: number;
  /** May be NaN or infinite, such as a ratio without any traffic. Look with `Number.isFinite` before using it. */
  readonly value: number;
}

const histogramPoint = z
  .tuple([z.number(), z.looseObject({ count: numberText, sum: numberText })])
  .transform(
    ([time, { count, sum }]): PrometheusHistogramPoint => ({
      time,
      count,
      sum,
    }),
  );

/**
 * A native histogram at a time, without its buckets.
 *
 * @public
 */
export interface PrometheusHistogramPoint {
  readonly time: number;
  readonly count: number;
  readonly sum: number;
}

const labels = z.record(z.string(), z.string());

const vector = z.object({
  resultType: z.literal('vector'),
  result: z.array(
    z.object({
      metric: labels,
      value: point.optional(),
      histogram: histogramPoint.optional(),
    }),
  ),
});

const matrix = z.object({
  resultType: z.literal('matrix'),
  result: z.array(
    z.object({
      metric: labels,
      values: z.array(point).default([]),
      histograms: z.array(histogramPoint).default([]),
    }),
  ),
});

const scalar = z.object({ resultType: z.literal('scalar'), result: point });

const string = z.object({
  resultType: z.literal('string'),
  result: z.tuple([z.number(), z.string()]),
});

/** An answer with its notes; `data` as the schema says. @internal */
export function envelopeOf<S extends z.ZodType>(data: S) {
  return z.object({
    status: z.literal('success'),
    data,
    warnings: z.array(z.string()).nullish(),
    infos: z.array(z.string()).nullish(),
  });
}

/** @internal */
export const querySchema = envelopeOf(
  z.discriminatedUnion('resultType', [vector, matrix, scalar, string]),
);

/** @internal */
export const rangeSchema = envelopeOf(matrix);

/** @internal */
export const seriesSchema = envelopeOf(z.array(labels).nullable());

/** @internal */
export const namesSchema = envelopeOf(z.array(z.string()).nullable());

/** A time that Prometheus writes as the year 1 if there was none yet. */
const time = z
  .string()
  .transform(text => (text.startsWith('0001-') ? undefined : text));

const alert = z.object({
  labels,
  annotations: labels.default({}),
  state: z.enum(['firing', 'pending', 'inactive', 'unknown']),
  activeAt: z
    .string()
    .nullish()
    .transform(text => text ?? undefined),
  value: numberText,
});

/** An alert of a rule. @public */
export type PrometheusAlert = z.output<typeof alert>;

const ruleBase = {
  name: z.string(),
  query: z.string(),
  labels: labels.default({}),
  health: z.enum(['ok', 'err', 'unknown']),
  lastError: z.string().optional(),
  lastEvaluation: time.optional(),
  /** In seconds. */
  evaluationTime: z.number().optional(),
};

const rule = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('alerting'),
    ...ruleBase,
    state: z.enum(['firing', 'pending', 'inactive', 'unknown']),
    /** How long the condition has to hold, in seconds. */
    duration: z.number(),
    keepFiringFor: z.number().default(0),
    annotations: labels.default({}),
    alerts: z.array(alert).default([]),
  }),
  z.object({ type: z.literal('recording'), ...ruleBase }),
]);

/** A rule and how its last evaluation went. @public */
export type PrometheusRule = z.output<typeof rule>;

const ruleGroup = z.object({
  name: z.string(),
  file: z.string(),
  /** In seconds. */
  interval: z.number(),
  rules: z.array(rule),
});

/** @public */
export type PrometheusRuleGroup = z.output<typeof ruleGroup>;

/** @internal */
export const rulesSchema = envelopeOf(
  z.object({
    groups: z.array(ruleGroup),
    groupNextToken: z.string().optional(),
  }),
);

/** @internal */
export const alertsSchema = envelopeOf(z.object({ alerts: z.array(alert) }));

const target = z.object({
  labels,
  scrapePool: z.string(),
  scrapeUrl: z.string(),
  health: z.enum(['up', 'down', 'unknown']),
  lastError: z.string(),
  lastScrape: time,
  /** In seconds. */
  lastScrapeDuration: z.number(),
});

/** What is scraped, and how it went the last time. @public */
export type PrometheusTarget = z.output<typeof target>;

/** @internal */
export const targetsSchema = envelopeOf(
  z.object({ activeTargets: z.array(target) }),
);

const metadata = z.object({
  type: z.string(),
  help: z.string(),
  unit: z.string().default(''),
});

/** @public */
export type PrometheusMetadata = z.output<typeof metadata>;

/** @internal */
export const metadataSchema = envelopeOf(
  z.record(z.string(), z.array(metadata)),
);

/** @internal */
export const buildInfoSchema = envelopeOf(
  z.object({ version: z.string(), revision: z.string().default('') }),
);

/** What an answer carries besides its data. @public */
export interface PrometheusNotes {
  /** The result may be wrong or incomplete, such as without the data of one store. Show them. */
  readonly warnings: readonly string[];
  /** Hints about the query. */
  readonly infos: readonly string[];
}

/** A series of an instant vector; one of the two is there. @public */
export interface PrometheusSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: PrometheusPoint;
  readonly histogram?: PrometheusHistogramPoint;
}

/** A series over time. Steps without data are absent: align by time, not by index. @public */
export interface PrometheusSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly PrometheusPoint[];
  readonly histograms: readonly PrometheusHistogramPoint[];
}

/** What a query at one time comes to. @public */
export type PrometheusQueryResult = PrometheusNotes &
  (
    | { readonly type: 'vector'; readonly series: readonly PrometheusSample[] }
    | { readonly type: 'matrix'; readonly series: readonly PrometheusSeries[] }
    | { readonly type: 'scalar'; readonly value: PrometheusPoint }
    | { readonly type: 'string'; readonly value: string }
  );

/** What a query over time comes to. @public */
export interface PrometheusRangeResult extends PrometheusNotes {
  readonly series: readonly PrometheusSeries[];
  /** The range and the step that were asked for in the end, in seconds. */
  readonly start: number;
  readonly end: number;
  readonly step: number;
}
