import { z } from 'zod';
import {
  auditEventSchema,
  auditOutcomeSchema,
  auditSeveritySchema,
} from './event';

/** How many events a page has, unless asked for otherwise. @public */
export const AUDIT_PAGE_SIZE = 50;

/** How many a page has at most. @public */
export const AUDIT_MOST = 200;

/** Up to here matches are counted; there are at least so many beyond. @public */
export const AUDIT_COUNTED = 1000;

/** How many events an export has at most. @public */
export const AUDIT_EXPORT_MOST = 250_000;

function listOf<S extends z.ZodType<unknown, string>>(schema: S) {
  return z
    .union([z.string(), z.array(z.string())])
    .transform(value => [value].flat().flatMap(item => item.split(',')))
    .pipe(z.array(schema).min(1).max(20))
    .optional();
}

const text = z.string().trim().min(1).max(300);
const time = z.iso.datetime({ offset: true });

const filters = {
  /** Who did it: an entity ref, or the name of a user. */
  actor: text.optional(),
  plugin: listOf(text),
  /** What was done, such as `request-approve`. */
  event: listOf(text),
  severity: listOf(auditSeveritySchema),
  outcome: listOf(auditOutcomeSchema),
  /** Ref of an entity that the event names. */
  entity: text.optional(),
  /** RFC 3339: this moment or later. */
  from: time.optional(),
  /** RFC 3339: before this moment. */
  to: time.optional(),
  /** Words that all have to begin a word of the event: of its actor, its entities, its details or its error. */
  q: z.string().trim().max(200).optional(),
  /** With what was only looked at. */
  reads: z.stringbool().default(false),
};

/** What events are asked for, without paging. @public */
export const auditFilterSchema = z.strictObject(filters);

/** The query of `GET /events`. Values of one key are alternatives, keys add up. @public */
export const auditQuerySchema = z.strictObject({
  ...filters,
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(AUDIT_MOST)
    .default(AUDIT_PAGE_SIZE),
  cursor: z.string().max(100).optional(),
});

/** The query of `GET /events/export`. @public */
export const auditExportQuerySchema = z.strictObject({
  ...filters,
  format: z.enum(['csv', 'json']).default('csv'),
});

/** The query of `GET /entities/:namespace/:kind/:name/events`. @public */
export const auditEntityQuerySchema = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(AUDIT_MOST)
    .default(AUDIT_PAGE_SIZE),
  cursor: z.string().max(100).optional(),
});

/** `GET /events`, newest first @public */
export const auditEventsResponseSchema = z.object({
  items: z.array(auditEventSchema),
  pageInfo: z.object({ nextCursor: z.string().optional() }),
  /** Counted up to a thousand. On pages after the first it is left out. */
  totalItems: z.number().int().optional(),
  /** There are more than were counted. */
  totalIsLeast: z.boolean().optional(),
});

/** `GET /facets`: what there is to filter by @public */
export const auditFacetsResponseSchema = z.object({
  items: z.array(z.object({ plugin: z.string(), eventId: z.string() })),
});

const chainSchema = z.object({
  stream: z.enum(['changes', 'reads']),
  checkedAt: z.string(),
  /** How many events were looked at. */
  events: z.number().int(),
  intact: z.boolean(),
  /** What is wrong, in words. */
  problem: z.string().optional(),
});

/** `GET /status`: how well the audit itself works @public */
export const auditStatusResponseSchema = z.object({
  /** Events of this replica that wait to be stored. */
  waiting: z.number().int(),
  /** Events of this replica that were never stored since its start; the log has them. */
  notStored: z.number().int(),
  /** Since when storing fails; absent while it works. */
  failingSince: z.string().optional(),
  /** The newest event of all replicas. */
  lastStoredAt: z.string().optional(),
  /** The last check of each chain of events. */
  chains: z.array(chainSchema),
  /** For how long events are kept, as ISO 8601 durations. */
  retention: z.object({ changes: z.string(), reads: z.string() }),
});

/** @public */
export type AuditFilter = z.infer<typeof auditFilterSchema>;
/** @public */
export type AuditQuery = z.infer<typeof auditQuerySchema>;
/** @public */
export type AuditEventsResponse = z.infer<typeof auditEventsResponseSchema>;
/** @public */
export type AuditFacetsResponse = z.infer<typeof auditFacetsResponseSchema>;
/** @public */
export type AuditStatusResponse = z.infer<typeof auditStatusResponseSchema>;
