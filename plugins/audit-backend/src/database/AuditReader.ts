import { InputError } from '@backstage/errors';
import { AUDIT_COUNTED } from '@waystone/plugin-audit-common';
import type {
  AuditEvent,
  AuditEventsResponse,
  AuditFacetsResponse,
  AuditFilter,
} from '@waystone/plugin-audit-common';
import type { Knex } from 'knex';
import { AUDIT_COLUMNS, toAuditEvent } from './AuditRow';
import type { AuditRow } from './AuditRow';
import { toWords } from './toWords';

const columns = AUDIT_COLUMNS.map(column => `events.${column}`);

/** The place of an event in a list, newest first. */
interface Position {
  readonly occurredAt: Date;
  readonly id: string;
}

/**
 * Reads events, newest first.
 *
 * @remarks
 * The start of an action is left out as soon as its end is there. A page goes on after the last event of the one
 * before, so that events that come in meanwhile neither repeat nor hide others.
 */
export class AuditReader {
  readonly #knex: Knex;

  static create(options: { readonly knex: Knex }): AuditReader {
    return new AuditReader(options.knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** @throws InputError if the cursor is not one of this list. */
  async list(
    filter: AuditFilter,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<AuditEventsResponse> {
    const after = page.cursor ? readCursor(page.cursor) : undefined;
    const rows = await this.#page(filter, { limit: page.limit + 1, after });
    const shown = rows.slice(0, page.limit);
    const last = shown.at(-1);
    const counted = after ? undefined : await this.#count(filter);
    return {
      items: shown.map(toAuditEvent),
      pageInfo: {
        ...(rows.length > page.limit && last && { nextCursor: toCursor(last) }),
      },
      ...(counted !== undefined && {
        totalItems: Math.min(counted, AUDIT_COUNTED),
        totalIsLeast: counted > AUDIT_COUNTED,
      }),
    };
  }

  /** All events that match, at most so many, in pages; without what comes in meanwhile. */
  async *stream(
    filter: AuditFilter,
    options: { readonly most: number; readonly pageSize?: number },
  ): AsyncGenerator<AuditEvent[]> {
    const { most, pageSize = 1000 } = options;
    const [{ newest }] = await this.#knex('audit_events').max('id as newest');
    let after: Position | undefined;
    for (let left = most; left > 0; left -= pageSize) {
      const rows = await this.#page(filter, {
        limit: Math.min(left, pageSize),
        after,
        newest: newest ?? '0',
      });
      if (rows.length > 0) {
        yield rows.map(toAuditEvent);
      }
      const last = rows.at(-1);
      if (!last || rows.length < pageSize) {
        return;
      }
      after = { occurredAt: last.occurred_at, id: last.id };
    }
  }

  async find(id: string): Promise<AuditEvent | undefined> {
    const row: AuditRow | undefined = await this.#knex('audit_events as events')
      .where('events.id', id)
      .first(columns);
    return row && toAuditEvent(row);
  }

  /** Which events there are; skips from one to the next by the index instead of reading them all. */
  async facets(): Promise<AuditFacetsResponse> {
    const { rows } = await this.#knex.raw<{
      rows: { plugin: string; event_id: string }[];
    }>(`
      with recursive kinds as (
        (select plugin, event_id from audit_events order by plugin, event_id limit 1)
        union all
        select next.plugin, next.event_id from kinds, lateral (
          select plugin, event_id from audit_events
          where (plugin, event_id) > (kinds.plugin, kinds.event_id)
          order by plugin, event_id limit 1
        ) next
      )
      select plugin, event_id from kinds limit 500`);
    return {
      items: rows.map(row => ({ plugin: row.plugin, eventId: row.event_id })),
    };
  }

  /** When the newest event was stored. */
  async lastStoredAt(): Promise<Date | undefined> {
    const row = await this.#knex('audit_events')
      .orderBy('id', 'desc')
      .first('stored_at');
    return row?.stored_at;
  }

  async #page(
    filter: AuditFilter,
    options: {
      readonly limit: number;
      readonly after?: Position;
      readonly newest?: string;
    },
  ): Promise<AuditRow[]> {
    const { after, limit, newest } = options;
    const query = this.#matching(filter).select(columns).limit(limit);
    // By the table that the filter is about: so its index has the order too.
    if (filter.entity) {
      query.orderByRaw('named.occurred_at desc, named.event_id desc');
    } else {
      query.orderByRaw('events.occurred_at desc, events.id desc');
    }
    if (after) {
      query.whereRaw(
        filter.entity
          ? '(named.occurred_at, named.event_id) < (?, ?)'
          : '(events.occurred_at, events.id) < (?, ?)',
        [after.occurredAt, after.id],
      );
    }
    if (newest !== undefined) {
      query.where('events.id', '<=', newest);
    }
    return query;
  }

  async #count(filter: AuditFilter): Promise<number> {
    const [{ count }] = await this.#knex
      .from(
        this.#matching(filter)
          .select(this.#knex.raw('1'))
          .limit(AUDIT_COUNTED + 1)
          .as('matching'),
      )
      .count({ count: '*' });
    return Number(count);
  }

  #matching(filter: AuditFilter): Knex.QueryBuilder {
    const query = filter.entity
      ? this.#knex('audit_event_entities as named')
          .join('audit_events as events', 'events.id', 'named.event_id')
          .where('named.entity_ref', filter.entity.toLocaleLowerCase('en-US'))
      : this.#knex('audit_events as events');
    // The end of an action says all that its start does.
    query.where(builder =>
      builder
        .where('events.outcome', '<>', 'initiated')
        .orWhereNotExists(
          this.#knex('audit_events as ended')
            .select(this.#knex.raw('1'))
            .whereRaw('ended.action = events.action')
            .where('ended.outcome', '<>', 'initiated'),
        ),
    );
    if (!filter.reads && !filter.severity?.includes('low')) {
      query.where('events.stream', 'changes');
    }
    if (filter.actor) {
      const actor = filter.actor.toLocaleLowerCase('en-US');
      query.where(
        'events.actor',
        actor.includes(':') ? actor : `user:default/${actor}`,
      );
    }
    if (filter.plugin) {
      query.whereIn('events.plugin', filter.plugin);
    }
    if (filter.event) {
      query.whereIn('events.event_id', filter.event);
    }
    if (filter.severity) {
      query.whereIn('events.severity', filter.severity);
    }
    if (filter.outcome) {
      query.whereIn('events.outcome', filter.outcome);
    }
    const time = filter.entity ? 'named.occurred_at' : 'events.occurred_at';
    if (filter.from) {
      query.where(time, '>=', new Date(filter.from));
    }
    if (filter.to) {
      query.where(time, '<', new Date(filter.to));
    }
    const words = toWords(filter.q ?? '').slice(0, 10);
    if (words.length > 0) {
      // Words are letters and digits only, so they need no escape.
      query.whereRaw('events.words @@ ?::tsquery', [
        words.map(word => `'${word}':*`).join(' & '),
      ]);
    }
    return query;
  }
}

function toCursor(row: AuditRow): string {
  return Buffer.from(`${row.occurred_at.toISOString()} ${row.id}`).toString(
    'base64url',
  );
}

function readCursor(cursor: string): Position {
  const [time, id] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const occurredAt = new Date(time);
  if (Number.isNaN(occurredAt.valueOf()) || !/^\d{1,18}$/.test(id ?? '')) {
    throw new InputError('Invalid cursor: it is not one of this list');
  }
  return { occurredAt, id };
}
