import { createHash } from 'node:crypto';
import type { AuditRow } from './AuditRow';

/** What the first event of a stream stands on. */
export const FIRST_HASH = '0'.repeat(64);

/** What the hash covers: all that an event says, and the hash of the one before. */
export type HashedRow = Omit<AuditRow, 'id' | 'hash'>;

/**
 * The hash of a row: SHA-256 over its values as JSON with sorted keys, in hexadecimal.
 *
 * The database keeps JSON in an order of its own, so the order must not matter.
 */
export function hashRow(row: HashedRow): string {
  return createHash('sha256')
    .update(
      JSON.stringify([
        row.previous_hash,
        row.stream,
        Number(row.sequence),
        row.key,
        row.action,
        row.occurred_at.toISOString(),
        row.stored_at.toISOString(),
        row.plugin,
        row.event_id,
        row.severity,
        row.outcome,
        row.actor,
        row.actor_type,
        row.ip,
        row.user_agent,
        row.method,
        row.url,
        row.request_id,
        row.entity_refs,
        sorted(row.meta),
        sorted(row.error),
      ]),
    )
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]);
  }
  return value;
}
