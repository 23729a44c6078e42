import type { JsonObject } from '@backstage/types';
import type {
  AuditActorType,
  AuditEvent,
  AuditOutcome,
  AuditSeverity,
} from '@waystone/plugin-audit-common';

/** The two chains of events: what was changed, and what was only looked at. */
export const STREAMS = ['changes', 'reads'] as const;

/** @see STREAMS */
export type Stream = (typeof STREAMS)[number];

/** A row of `audit_events`, without its words. */
export interface AuditRow {
  readonly id: string;
  readonly stream: Stream;
  readonly sequence: string;
  readonly key: string;
  readonly action: string;
  readonly occurred_at: Date;
  readonly stored_at: Date;
  readonly plugin: string;
  readonly event_id: string;
  readonly severity: AuditSeverity;
  readonly outcome: AuditOutcome;
  readonly actor: string | null;
  readonly actor_type: AuditActorType;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly method: string | null;
  readonly url: string | null;
  readonly request_id: string | null;
  readonly entity_refs: string[];
  readonly meta: JsonObject | null;
  readonly error: { readonly name: string; readonly message: string } | null;
  readonly previous_hash: string;
  readonly hash: string;
}

/** All columns of {@link AuditRow}. */
export const AUDIT_COLUMNS = [
  'id',
  'stream',
  'sequence',
  'key',
  'action',
  'occurred_at',
  'stored_at',
  'plugin',
  'event_id',
  'severity',
  'outcome',
  'actor',
  'actor_type',
  'ip',
  'user_agent',
  'method',
  'url',
  'request_id',
  'entity_refs',
  'meta',
  'error',
  'previous_hash',
  'hash',
] as const;

/** The row as the contract has it. */
export function toAuditEvent(row: AuditRow): AuditEvent {
  return {
    id: row.id,
    action: row.action,
    occurredAt: row.occurred_at.toISOString(),
    storedAt: row.stored_at.toISOString(),
    plugin: row.plugin,
    eventId: row.event_id,
    severity: row.severity,
    outcome: row.outcome,
    ...(row.actor !== null && { actor: row.actor }),
    actorType: row.actor_type,
    entityRefs: row.entity_refs,
    ...(row.meta && { meta: row.meta }),
    ...(row.error && { error: row.error }),
    ...(row.ip !== null && { ip: row.ip }),
    ...(row.user_agent !== null && { userAgent: row.user_agent }),
    ...(row.method !== null && { method: row.method }),
    ...(row.url !== null && { url: row.url }),
    ...(row.request_id !== null && { requestId: row.request_id }),
    stream: row.stream,
    sequence: Number(row.sequence),
    hash: row.hash,
  };
}
