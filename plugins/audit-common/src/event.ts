import { z } from 'zod';

/** How much an event matters: reads are low, writes medium, permissions high or critical. @public */
export const AUDIT_SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;

/** How an event ended; `initiated`: it has not, or nobody knows how. @public */
export const AUDIT_OUTCOMES = ['initiated', 'succeeded', 'failed'] as const;

/** @public */
export const auditSeveritySchema = z.enum(AUDIT_SEVERITIES);
/** @public */
export const auditOutcomeSchema = z.enum(AUDIT_OUTCOMES);

/** Who did it: a person, a plugin for itself, or nobody that could be told. @public */
export const auditActorTypeSchema = z.enum(['user', 'service', 'unknown']);

/** One event. @public */
export const auditEventSchema = z.object({
  id: z.string(),
  /** The events of one action share it: its start and its end. */
  action: z.string(),
  /** RFC 3339, to the millisecond. */
  occurredAt: z.string(),
  /** When it got into the table. */
  storedAt: z.string(),
  plugin: z.string(),
  /** What was done, such as `request-approve`; unique within the plugin. */
  eventId: z.string(),
  severity: auditSeveritySchema,
  outcome: auditOutcomeSchema,
  /** An entity ref, or a plugin as `plugin:<id>`. */
  actor: z.string().optional(),
  actorType: auditActorTypeSchema,
  /** The entities that it names. */
  entityRefs: z.array(z.string()),
  /** Without secrets, and cut if it is long. */
  meta: z.record(z.string(), z.unknown()).optional(),
  error: z.object({ name: z.string(), message: z.string() }).optional(),
  /** The rest only for those with `audit.event.read`. */
  ip: z.string().optional(),
  userAgent: z.string().optional(),
  method: z.string().optional(),
  url: z.string().optional(),
  /** As the answer had it in `X-Request-Id`, and the log has it. */
  requestId: z.string().optional(),
  /** Where it is in the chain that makes a gap or a change noticed. */
  stream: z.enum(['changes', 'reads']).optional(),
  sequence: z.number().int().optional(),
  hash: z.string().optional(),
});

/** @public */
export type AuditEvent = z.infer<typeof auditEventSchema>;
/** @public */
export type AuditSeverity = (typeof AUDIT_SEVERITIES)[number];
/** @public */
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];
/** @public */
export type AuditActorType = z.infer<typeof auditActorTypeSchema>;
