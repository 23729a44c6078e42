import type {
  FieldChange,
  RequestEvent,
  RequestStatus,
} from '@waystone/plugin-infrastructure-common';
import type { Knex } from 'knex';
import type { NewEvent } from './RequestRow';

interface EventRow {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly type: RequestEvent['type'];
  readonly from_status: RequestStatus | null;
  readonly to_status: RequestStatus | null;
  readonly message: string | null;
  readonly changes: FieldChange[];
}

/** An event as a row of the table. */
export function eventRow(requestId: string, event: NewEvent): object {
  return {
    request_id: requestId,
    at: new Date(),
    actor: event.actor,
    type: event.type,
    from_status: event.from ?? null,
    to_status: event.to ?? null,
    message: event.message ?? null,
    changes: JSON.stringify(event.changes ?? []),
  };
}

/** The events of a request, the newest first. */
export async function readEvents(
  knex: Knex,
  requestId: string,
): Promise<RequestEvent[]> {
  const rows = await knex('request_events')
    .where({ request_id: requestId })
    .orderBy('id', 'desc')
    .limit(500)
    .select<EventRow[]>('*');
  return rows.map(row => ({
    id: Number(row.id),
    at: row.at.toISOString(),
    actor: row.actor,
    type: row.type,
    ...(row.from_status && { from: row.from_status }),
    ...(row.to_status && { to: row.to_status }),
    ...(row.message && { message: row.message }),
    changes: row.changes,
  }));
}
