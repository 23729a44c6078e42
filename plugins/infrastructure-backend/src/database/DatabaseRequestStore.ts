import { ConflictError, InputError } from '@backstage/errors';
import { finalStatuses } from '@waystone/plugin-infrastructure-common';
import type { RequestEvent } from '@waystone/plugin-infrastructure-common';
import type { Knex } from 'knex';
import type { ReadyTimes } from '../offerings/OfferingCatalog';
import { eventRow, readEvents } from './eventRows';
import { applyFilter, readCursor, writeCursor } from './requestQueries';
import type { RequestFilter } from './requestQueries';
import type { NewEvent, NewRequestRow, RequestRow } from './RequestRow';
import { toColumns } from './toColumns';

const TABLE = 'requests';
const UNIQUE_VIOLATION = '23505';
/** They take no name and cost nothing. */
const UNMADE = ['draft', ...finalStatuses];
/** How many of the last requests of an offering are measured. */
const MEASURED = 50;

/** The columns that a write changes; each write counts the version up. */
export type RequestChanges = Partial<
  Omit<RequestRow, 'id' | 'version' | 'fence' | 'wakes'>
>;

/** Another worker has taken over, or the request was changed meanwhile: nothing was written. */
export class LostLeaseError extends Error {
  constructor(id: string) {
    super(`Lost the lease of the request '${id}'`);
    this.name = 'LostLeaseError';
  }
}

/** Requests and their events in PostgreSQL. */
export class DatabaseRequestStore {
  readonly #knex: Knex;
  readonly #listeners = new Set<(row: RequestRow) => void>();

  static async create(options: {
    readonly knex: Knex;
    readonly migrations?: string;
  }): Promise<DatabaseRequestStore> {
    const { knex, migrations } = options;
    if (knex.client.config.client !== 'pg') {
      throw new InputError(
        'Infrastructure needs PostgreSQL: set backend.database.client to pg',
      );
    }
    if (migrations) {
      await knex.migrate.latest({ directory: migrations });
    }
    return new DatabaseRequestStore(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Stores a request once: the same key of the same user gives what the first call stored.
   *
   * @throws ConflictError if the key was used for another body, or something of this name is there already.
   */
  async insert(
    row: NewRequestRow,
    events: readonly NewEvent[],
  ): Promise<{ readonly row: RequestRow; readonly created: boolean }> {
    let isTaken = false;
    try {
      const inserted = await this.#knex.transaction(async trx => {
        const rows = await trx<RequestRow>(TABLE)
          .insert(toColumns(row))
          .onConflict(['requester', 'idempotency_key'])
          .ignore()
          .returning('*');
        if (rows.length > 0) {
          await this.#insertEvents(trx, row.id, events);
        }
        return rows.at(0);
      });
      if (inserted) {
        this.#tell(inserted);
        return { row: inserted, created: true };
      }
    } catch (error) {
      if ((error as { code?: string }).code !== UNIQUE_VIOLATION) {
        throw error;
      }
      // It may be the same request, sent twice at once.
      isTaken = true;
    }
    const known = await this.findAccepted(row);
    if (!known && isTaken) {
      throw new ConflictError(
        `There is a ${row.kind} '${row.name}' in ${row.namespace} already; choose another name`,
      );
    }
    if (!known) {
      throw new ConflictError(
        'This Idempotency-Key was used for another request; use a new one',
      );
    }
    return { row: known, created: false };
  }

  /**
   * What was stored for an idempotency key.
   *
   * @throws ConflictError if it was used for another body.
   */
  async findAccepted(
    key: Pick<RequestRow, 'requester' | 'idempotency_key' | 'body_hash'>,
  ): Promise<RequestRow | undefined> {
    const { requester, idempotency_key } = key;
    const known = await this.#knex<RequestRow>(TABLE)
      .where({ requester, idempotency_key })
      .first();
    if (known && known.body_hash !== key.body_hash) {
      throw new ConflictError(
        'This Idempotency-Key was used for another request; use a new one',
      );
    }
    return known;
  }

  /** Whether something in use has a name in the catalog. */
  async hasEntityName(name: string): Promise<boolean> {
    const row = await this.#knex(TABLE)
      .where({ entity_name: name })
      .whereNotIn('status', UNMADE)
      .first('id');
    return row !== undefined;
  }

  /** Tells of every request that was written, after it was. @returns A function that ends it. */
  subscribe(listener: (row: RequestRow) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async find(id: string): Promise<RequestRow | undefined> {
    return this.#knex<RequestRow>(TABLE).where({ id }).first();
  }

  async findMany(ids: readonly string[]): Promise<RequestRow[]> {
    return this.#knex<RequestRow>(TABLE).whereIn('id', [...ids]);
  }

  /** Whether something of this name is asked for or there. */
  async findObject(object: {
    readonly cluster: string;
    readonly namespace: string;
    readonly kind: string;
    readonly name: string;
  }): Promise<RequestRow | undefined> {
    return this.#knex<RequestRow>(TABLE)
      .where(object)
      .whereNotIn('status', UNMADE)
      .first();
  }

  /** The newest first. */
  async list(filter: RequestFilter): Promise<{
    readonly rows: RequestRow[];
    readonly total: number;
    readonly nextCursor?: string;
  }> {
    const matching = this.#knex<RequestRow>(TABLE).where(query => {
      applyFilter(query, filter);
    });
    const after = filter.cursor ? readCursor(filter.cursor) : undefined;
    const page = matching
      .clone()
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(filter.limit + 1);
    if (after) {
      page.whereRaw('(created_at, id) < (?, ?::uuid)', [after.at, after.id]);
    }
    const [rows, [{ count }]] = await Promise.all([
      page,
      matching.clone().count<{ count: string }[]>('* as count'),
    ]);
    const last =
      rows.length > filter.limit ? rows[filter.limit - 1] : undefined;
    return {
      rows: rows.slice(0, filter.limit),
      total: Number(count),
      ...(last && { nextCursor: writeCursor(await this.#placeOf(last.id)) }),
    };
  }

  async events(id: string): Promise<RequestEvent[]> {
    return readEvents(this.#knex, id);
  }

  /** What a team's requests cost a month, without one of them. */
  async costOf(owner: string, except?: string): Promise<number> {
    const [{ sum }] = await this.#knex(TABLE)
      .where({ owner })
      .whereNotIn('status', UNMADE)
      .modify(query => except && query.whereNot({ id: except }))
      .sum<{ sum: number | null }[]>('monthly_cost as sum');
    return Number(sum ?? 0);
  }

  /** From being applied to being usable, by offering. */
  async readyTimes(): Promise<ReadyTimes> {
    const { rows } = await this.#knex.raw(
      `SELECT offering, count(*)::int AS samples,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median
       FROM (
         SELECT offering, extract(epoch FROM ready_at - applied_at) AS seconds,
           row_number() OVER (PARTITION BY offering ORDER BY ready_at DESC) AS place
         FROM requests WHERE ready_at IS NOT NULL AND ready_at >= applied_at
       ) measured WHERE place <= ? GROUP BY offering`,
      [MEASURED],
    );
    return new Map(
      rows.map((row: { offering: string; samples: number; median: number }) => [
        row.offering,
        {
          samples: row.samples,
          medianSeconds: Math.round(Number(row.median)),
        },
      ]),
    );
  }

  /**
   * Changes a request in somebody's name. A worker that has it at the moment loses it.
   *
   * @throws ConflictError if it is no longer the version that the change is based on, or its name is taken.
   */
  async change(
    row: Pick<RequestRow, 'id' | 'version'>,
    changes: RequestChanges,
    events: readonly NewEvent[],
  ): Promise<RequestRow> {
    const writing = this.#knex.transaction(async trx => {
      const [changed] = await trx<RequestRow>(TABLE)
        .where({ id: row.id, version: row.version })
        .update({
          ...toColumns(changes),
          version: trx.raw('version + 1'),
          fence: trx.raw('fence + 1'),
          lease_until: null,
        } as object)
        .returning('*');
      if (!changed) {
        throw new ConflictError(
          'It was changed meanwhile; load it again and repeat the change',
        );
      }
      await this.#insertEvents(trx, row.id, events);
      return changed;
    });
    const written = await writing.catch(error => {
      throw error.code === UNIQUE_VIOLATION
        ? new ConflictError(
            `There is a ${changes.kind} '${changes.name}' in ${changes.namespace} already; choose another name`,
          )
        : error;
    });
    this.#tell(written);
    return written;
  }

  /** How many drafts somebody has. */
  async countDrafts(requester: string): Promise<number> {
    const [{ count }] = await this.#knex(TABLE)
      .where({ requester, status: 'draft' })
      .count<{ count: string }[]>('* as count');
    return Number(count);
  }

  /** Adds an event without changing the request. */
  async record(id: string, event: NewEvent): Promise<void> {
    await this.#insertEvents(this.#knex, id, [event]);
  }

  /** Takes requests to work on, each for one worker only, until the lease is over. */
  async claim(limit: number, leaseSeconds: number): Promise<RequestRow[]> {
    const { rows } = await this.#knex.raw(
      `WITH due AS (
         SELECT id FROM requests
         WHERE work_at <= now() AND (lease_until IS NULL OR lease_until < now())
         ORDER BY work_at LIMIT ? FOR UPDATE SKIP LOCKED
       )
       UPDATE requests SET lease_until = now() + make_interval(secs => ?), fence = fence + 1
       FROM due WHERE requests.id = due.id RETURNING requests.*`,
      [limit, leaseSeconds],
    );
    return rows;
  }

  /**
   * Writes what a worker found out, and gives the request back or keeps it.
   *
   * @param next - Seconds until somebody looks again, null for never, undefined to keep the lease.
   * @throws LostLeaseError if it is no longer this worker's.
   */
  async advance(
    row: RequestRow,
    changes: RequestChanges,
    options: {
      readonly events?: readonly NewEvent[];
      readonly next?: number | null;
    } = {},
  ): Promise<RequestRow> {
    const { events = [], next } = options;
    const schedule =
      next === undefined
        ? {}
        : {
            lease_until: null,
            // What happened meanwhile has not been looked at.
            work_at: this.#knex.raw(
              'CASE WHEN wakes <> ? THEN now() ELSE now() + make_interval(secs => ?) END',
              [row.wakes, next],
            ),
          };
    const written = await this.#knex.transaction(async trx => {
      const [changed] = await trx<RequestRow>(TABLE)
        .where({ id: row.id, fence: row.fence })
        .update({
          ...toColumns(changes),
          ...schedule,
          ...(Object.keys(changes).length > 0 && {
            version: trx.raw('version + 1'),
          }),
        } as object)
        .returning('*');
      if (!changed) {
        throw new LostLeaseError(row.id);
      }
      await this.#insertEvents(trx, row.id, events);
      // A wake that came after the claim is still to be looked at.
      return { ...changed, wakes: row.wakes };
    });
    if (Object.keys(changes).length > 0) {
      this.#tell(written);
    }
    return written;
  }

  /** Something has happened to an object in a cluster: whoever asked for it is looked at now. */
  async wake(object: {
    readonly cluster: string;
    readonly namespace: string;
    readonly kind: string;
    readonly name: string;
  }): Promise<boolean> {
    const woken = await this.#knex(TABLE)
      .where(object)
      .whereNotIn('status', UNMADE)
      .whereNotNull('work_at')
      .update({
        wakes: this.#knex.raw('wakes + 1'),
        work_at: this.#knex.raw('least(work_at, now())'),
      });
    return woken > 0;
  }

  async #insertEvents(
    knex: Knex,
    id: string,
    events: readonly NewEvent[],
  ): Promise<void> {
    if (events.length > 0) {
      await knex('request_events').insert(
        events.map(event => eventRow(id, event)),
      );
    }
  }

  async #placeOf(id: string): Promise<{ at: string; id: string }> {
    const [{ at }] = await this.#knex(TABLE)
      .where({ id })
      .select<{ at: string }[]>(this.#knex.raw('created_at::text as at'));
    return { at, id };
  }

  #tell(row: RequestRow): void {
    this.#listeners.forEach(listener => listener(row));
  }
}
