import { z } from 'zod';
import { freshnessSchema } from './freshness';
import { listOf, values } from './query';

/** @public */
export const alertStateSchema = z.enum(['firing', 'pending', 'suppressed']);

/** How much an alert matters, worst first; other words of a rule are read as one of these. @public */
export const alertSeveritySchema = z.enum(['critical', 'warning', 'info']);

/** An alert that is pending or firing. @public */
export const alertSchema = z.object({
  /** Stable as long as its labels are the same. */
  id: z.string(),
  name: z.string(),
  /** `suppressed`: it fires, but nobody is told, because of a silence or of another alert. */
  state: alertStateSchema,
  severity: alertSeveritySchema,
  since: z.iso.datetime().optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  /** What to do; an address for people. */
  runbook: z.string().optional(),
  /** Where the rule is shown. */
  url: z.string().optional(),
  /** Who is told; undefined if the Alertmanager could not be asked. */
  receivers: z.array(z.string()).optional(),
  /** Why nobody is told. */
  suppressedBy: z.enum(['silence', 'other-alert']).optional(),
  /** The service it is about, if the catalog has it. */
  entityRef: z.string().optional(),
  title: z.string().optional(),
  /** The owner of the service, or what the label `team` says. */
  owner: z.string().optional(),
  environment: z.string().optional(),
  namespace: z.string().optional(),
  source: z.string(),
});

/** The query of `GET /alerts`. @public */
export const alertsQuerySchema = z.strictObject({
  /** Refs of owners, or names of teams that the catalog does not have. */
  owner: values,
  environment: values,
  severity: listOf(alertSeveritySchema),
  state: listOf(alertStateSchema),
  /** Part of the alert's name, its summary, or the service. */
  q: z.string().trim().max(200).optional(),
});

/** `GET /alerts` and `GET /services/:namespace/:kind/:name/alerts` @public */
export const alertsResponseSchema = z.object({
  /** The worst first, then the newest. */
  items: z.array(alertSchema),
  totalItems: z.number().int(),
  facets: z.object({
    owners: z.array(z.object({ value: z.string(), count: z.number().int() })),
    environments: z.array(
      z.object({ value: z.string(), count: z.number().int() }),
    ),
  }),
  freshness: z.array(freshnessSchema),
});

/** @public */
export type Alert = z.infer<typeof alertSchema>;
/** @public */
export type AlertSeverity = z.infer<typeof alertSeveritySchema>;
/** @public */
export type AlertState = z.infer<typeof alertStateSchema>;
/** @public */
export type AlertsQuery = z.infer<typeof alertsQuerySchema>;
/** What a client may send. @public */
export type AlertsFilter = Partial<z.input<typeof alertsQuerySchema>>;
/** @public */
export type AlertsResponse = z.infer<typeof alertsResponseSchema>;
