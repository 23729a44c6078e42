import { z } from 'zod';
import { freshnessSchema } from './freshness';
import { sloSchema } from './objective';
import { listOf, values } from './query';

/** How many services a page of the list has, unless asked for otherwise. @public */
export const SERVICES_PAGE_SIZE = 100;

/** How many a page has at most. @public */
export const SERVICES_MOST = 500;

/**
 * Objectives and alerts in one word, worst first: `critical` (users notice, or somebody was called), `attention` (a
 * promise is in danger, or an alert fires), `unknown` (there are no metrics), `healthy`.
 *
 * @public
 */
export const healthStateSchema = z.enum([
  'critical',
  'attention',
  'unknown',
  'healthy',
]);

/** Values at whole steps; a gap is null. Times are in seconds since 1970. @public */
export const trendSchema = z.object({
  start: z.number(),
  step: z.number(),
  /** Requests a second. */
  requests: z.array(z.number().nullable()),
  /** The share that failed. */
  errors: z.array(z.number().nullable()),
});

/** A service in an environment. @public */
export const environmentHealthSchema = z.object({
  /** Name of one of `waystone.environments`; undefined if it is in none of them. */
  environment: z.string().optional(),
  cluster: z.string().optional(),
  namespace: z.string(),
  /** What the metrics call the service. */
  service: z.string(),
  /** Which metrics were found; undefined if there are alerts only. */
  recipe: z.object({ id: z.string(), title: z.string() }).optional(),
  state: healthStateSchema,
  /** The state in one sentence. */
  sentence: z.string(),
  /** Now; null where nothing is known, such as a ratio without requests. */
  signals: z.object({
    /** A second. */
    requests: z.number().nullable(),
    /** The share that fails. */
    errors: z.number().nullable(),
    p95Seconds: z.number().nullable(),
  }),
  /** The last day. */
  trend: trendSchema.optional(),
  /** The worst first. */
  slos: z.array(sloSchema),
  alerts: z.object({ firing: z.number().int(), pending: z.number().int() }),
  /** Since when the oldest alert fires. */
  since: z.iso.datetime().optional(),
  /** Where it is known from, such as `prometheus/main`. */
  source: z.string(),
});

const serviceFields = {
  entityRef: z.string(),
  title: z.string(),
  owner: z.string().optional(),
  system: z.string().optional(),
  tier: z.string().optional(),
  /** What is wrong with an annotation, so that it was not followed. */
  problems: z.array(z.string()),
};

/** A service as a row of the list. @public */
export const serviceRowSchema = z.object({
  ...serviceFields,
  state: healthStateSchema,
  /** In the environment that was asked for; undefined if there are no metrics of it. */
  health: environmentHealthSchema.optional(),
});

/** A service in all its environments. @public */
export const serviceHealthSchema = z.object({
  ...serviceFields,
  /** The worst of its protected environments, or of all if none of them is. */
  state: healthStateSchema,
  sentence: z.string(),
  /** In the order of the environments. */
  environments: z.array(environmentHealthSchema),
});

/** What a service without metrics has to add. @public */
export const instrumentationSchema = z.object({
  /** Such as `Java with Spring Boot`. */
  language: z.string(),
  steps: z.array(
    z.object({
      title: z.string(),
      file: z.string(),
      syntax: z.string(),
      code: z.string(),
    }),
  ),
  /** Upstream's documentation. */
  url: z.string(),
});

/** The query of `GET /services`. Values of one key are alternatives, keys add up. @public */
export const servicesQuerySchema = z.strictObject({
  owner: values,
  system: values,
  /** The environment that is shown. @defaultValue the last of the configuration */
  environment: z.string().max(100).optional(),
  state: listOf(healthStateSchema),
  /** Part of the name, the title or the owner's name. */
  q: z.string().trim().max(200).optional(),
  /** @defaultValue `state`: the worst first */
  sort: z
    .enum(['state', 'name', 'owner', 'requests', 'errors', 'latency', 'budget'])
    .default('state'),
  order: z.enum(['asc', 'desc']).default('asc'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(SERVICES_MOST)
    .default(SERVICES_PAGE_SIZE),
  cursor: z
    .string()
    .regex(/^\d{1,6}$/, 'is not a cursor of this list')
    .optional(),
});

/** @public */
export const environmentColumnSchema = z.object({
  name: z.string(),
  title: z.string(),
  protected: z.boolean(),
});

const countSchema = z.object({ value: z.string(), count: z.number().int() });

/** `GET /services` @public */
export const servicesResponseSchema = z.object({
  items: z.array(serviceRowSchema),
  totalItems: z.number().int(),
  pageInfo: z.object({ nextCursor: z.string().optional() }),
  environments: z.array(environmentColumnSchema),
  /** The one that is shown. */
  environment: z.string().optional(),
  /** Of all that the caller may see and that the filters leave, before paging. */
  summary: z.object({
    states: z.record(healthStateSchema, z.number().int()),
    exhausted: z.number().int(),
    firing: z.number().int(),
  }),
  facets: z.object({
    owners: z.array(countSchema),
    systems: z.array(countSchema),
  }),
  freshness: z.array(freshnessSchema),
});

/** `GET /services/:namespace/:kind/:name/summary` @public */
export const summaryResponseSchema = z.object({
  service: serviceHealthSchema,
  environments: z.array(environmentColumnSchema),
  /** Only if there are no metrics of requests anywhere. */
  instrumentation: instrumentationSchema.optional(),
  freshness: z.array(freshnessSchema),
});

/** @public */
export type HealthState = z.infer<typeof healthStateSchema>;
/** @public */
export type Trend = z.infer<typeof trendSchema>;
/** @public */
export type EnvironmentHealth = z.infer<typeof environmentHealthSchema>;
/** @public */
export type ServiceRow = z.infer<typeof serviceRowSchema>;
/** @public */
export type ServiceHealth = z.infer<typeof serviceHealthSchema>;
/** @public */
export type Instrumentation = z.infer<typeof instrumentationSchema>;
/** @public */
export type EnvironmentColumn = z.infer<typeof environmentColumnSchema>;
/** @public */
export type ServicesQuery = z.infer<typeof servicesQuerySchema>;
/** What a client may send. @public */
export type ServicesFilter = Partial<
  Omit<z.input<typeof servicesQuerySchema>, 'limit'> & { limit: number }
>;
/** @public */
export type ServicesResponse = z.infer<typeof servicesResponseSchema>;
/** @public */
export type SummaryResponse = z.infer<typeof summaryResponseSchema>;

/** States from the worst to the best. @public */
export const HEALTH_STATES: readonly HealthState[] = healthStateSchema.options;

/** The worst of several states; `unknown` of none. @public */
export function worstHealth(states: Iterable<HealthState>): HealthState {
  const found = new Set(states);
  return HEALTH_STATES.find(state => found.has(state)) ?? 'unknown';
}
