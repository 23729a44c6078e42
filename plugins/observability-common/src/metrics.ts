import { z } from 'zod';
import { freshnessSchema } from './freshness';
import { sloSchema } from './objective';

/** How long the charts may look back. @public */
export const RANGES = {
  '1h': 3600,
  '6h': 21_600,
  '24h': 86_400,
  '7d': 604_800,
  '30d': 2_592_000,
} as const;

/** @public */
export type RangeName = keyof typeof RANGES;

const time = z.coerce.number().int().positive().max(9_999_999_999);

/** The query of `GET /services/:namespace/:kind/:name/metrics`. Times are in seconds since 1970. @public */
export const metricsQuerySchema = z
  .strictObject({
    /** @defaultValue the last one that the service has metrics in */
    environment: z.string().max(100).optional(),
    /** Up to now. */
    range: z
      .enum(Object.keys(RANGES) as [RangeName, ...RangeName[]])
      .optional(),
    /** A range of its own, together with `to`. */
    from: time.optional(),
    to: time.optional(),
    /** With the values of a day before. */
    compare: z.stringbool().optional(),
  })
  .refine(({ from, to }) => (from === undefined) === (to === undefined), {
    path: ['from'],
    message: 'from and to go together',
  })
  .refine(({ from = 0, to = 1 }) => from < to, {
    path: ['to'],
    message: 'the range ends before it starts',
  })
  .refine(({ from = 0, to = 0 }) => to - from <= 90 * 86_400, {
    path: ['from'],
    message: 'a range of more than 90 days is too long',
  });

/** @public */
export const chartIdSchema = z.enum([
  'requests',
  'errors',
  'duration',
  'cpu',
  'memory',
]);

/** @public */
export const seriesSchema = z.object({
  /** Such as `p95`. */
  id: z.string(),
  /** At whole steps from the start; a gap is null. */
  values: z.array(z.number().nullable()),
  /** The same a day before. */
  yesterday: z.array(z.number().nullable()).optional(),
});

/** @public */
export const chartSchema = z.object({
  id: chartIdSchema,
  unit: z.enum(['per-second', 'ratio', 'seconds', 'cores', 'bytes']),
  series: z.array(seriesSchema),
  /** What the series must not exceed, such as the memory limit. */
  limit: z.number().optional(),
  /** Why there is nothing to see, in a sentence. */
  problem: z.string().optional(),
});

/** `GET /services/:namespace/:kind/:name/metrics` @public */
export const metricsResponseSchema = z.object({
  environment: z.string().optional(),
  /** In seconds since 1970, at whole steps. */
  start: z.number(),
  end: z.number(),
  step: z.number(),
  charts: z.array(chartSchema),
  /** When alerts fired in the range. */
  alerts: z.array(
    z.object({ name: z.string(), from: z.number(), to: z.number() }),
  ),
  /** What the source says of the result, such as that a part is missing. */
  warnings: z.array(z.string()),
  freshness: z.array(freshnessSchema),
});

/** `GET /services/:namespace/:kind/:name/slos` @public */
export const slosResponseSchema = z.object({
  environment: z.string().optional(),
  slos: z.array(sloSchema),
  /** What failed most in the window, the most first. */
  burned: z.array(
    z.object({
      method: z.string().optional(),
      route: z.string().optional(),
      status: z.string().optional(),
      failed: z.number(),
      /** Of all that are listed. */
      share: z.number(),
    }),
  ),
  /** By day, the oldest first; null where nothing is known. */
  days: z.array(
    z.object({
      /** When the day ends, in seconds since 1970. */
      end: z.number(),
      failed: z.number().nullable(),
      /** Of the budget of the whole window. */
      budget: z.number().nullable(),
    }),
  ),
  /** What could not be found out, in a sentence each. */
  problems: z.array(z.string()),
  freshness: z.array(freshnessSchema),
});

/** The query of the routes of a service that show one environment. @public */
export const environmentQuerySchema = z.strictObject({
  environment: z.string().max(100).optional(),
});

/** @public */
export type MetricsQuery = z.infer<typeof metricsQuerySchema>;
/** @public */
export type Chart = z.infer<typeof chartSchema>;
/** @public */
export type ChartSeries = z.infer<typeof seriesSchema>;
/** @public */
export type MetricsResponse = z.infer<typeof metricsResponseSchema>;
/** @public */
export type SlosResponse = z.infer<typeof slosResponseSchema>;
