import type { Knex } from 'knex';
import { UnstorableRecordError } from '@waystone/plugin-audit-node';
import type { AuditRecord, AuditSink } from '@waystone/plugin-audit-node';
import type { Stream } from './AuditRow';
import { FIRST_HASH, hashRow } from './hashRow';
import type { HashedRow } from './hashRow';
import { collectWords } from './toWords';

/** Any number will do, as long as all replicas use the same. */
export const CHAIN_LOCK = 7_007_027;

/**
 * Adds events to the table, each chained to the one before it in its stream.
 *
 * @remarks
 * A lock of the transaction lets one replica add at a time: so the sequence has no gaps, unless somebody
 * made one.
 */
export class AuditWriter implements AuditSink {
  readonly #knex: Knex;

  static create(options: { readonly knex: Knex }): AuditWriter {
    return new AuditWriter(options.knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async write(records: readonly AuditRecord[]): Promise<void> {
    try {
      await this.#knex.transaction(async trx => {
        await trx.raw('select pg_advisory_xact_lock(?)', [CHAIN_LOCK]);
        const known = await trx('audit_events')
          .whereIn(
            'key',
            records.map(({ key }) => key),
          )
          .pluck('key');
        const fresh = records.filter(({ key }) => !known.includes(key));
        await this.#add(trx, 'changes', fresh);
        await this.#add(trx, 'reads', fresh);
      });
    } catch (error) {
      throw isAboutData(error)
        ? new UnstorableRecordError('The database refuses the data', error)
        : error;
    }
  }

  async #add(
    trx: Knex.Transaction,
    stream: Stream,
    records: readonly AuditRecord[],
  ): Promise<void> {
    const own = records.filter(
      ({ severity }) => (severity === 'low') === (stream === 'reads'),
    );
    if (own.length === 0) {
      return;
    }
    let last = await readHead(trx, stream);
    const storedAt = new Date();
    const rows = own.map(record => {
      const row: HashedRow = {
        stream,
        sequence: String(last.sequence + 1),
        previous_hash: last.hash,
        stored_at: storedAt,
        ...toColumns(record),
      };
      const hash = hashRow(row);
      last = { sequence: last.sequence + 1, hash };
      return {
        ...row,
        hash,
        entity_refs: [...row.entity_refs],
        meta: row.meta && JSON.stringify(row.meta),
        error: row.error && JSON.stringify(row.error),
        words: trx.raw('array_to_tsvector(?::text[])', [wordsOf(record)]),
      };
    });
    const added: { id: string; entity_refs: string[]; occurred_at: Date }[] =
      await trx('audit_events')
        .insert(rows)
        .returning(['id', 'entity_refs', 'occurred_at']);
    const named = added.flatMap(row =>
      row.entity_refs.map(ref => ({
        entity_ref: ref,
        event_id: row.id,
        occurred_at: row.occurred_at,
      })),
    );
    if (named.length > 0) {
      await trx.batchInsert('audit_event_entities', named, 1000);
    }
  }
}

/** The last event of a stream, or where its chain goes on after all of it was removed. */
export async function readHead(
  knex: Knex,
  stream: Stream,
): Promise<{ sequence: number; hash: string }> {
  const [row] = await knex('audit_events')
    .where({ stream })
    .orderBy('sequence', 'desc')
    .limit(1)
    .select('sequence', 'hash');
  const [anchor] = row
    ? [row]
    : await knex('audit_anchors')
        .where({ stream })
        .orderBy('sequence', 'desc')
        .limit(1)
        .select('sequence', 'hash');
  return anchor
    ? { sequence: Number(anchor.sequence), hash: anchor.hash }
    : { sequence: 0, hash: FIRST_HASH };
}

function toColumns(
  record: AuditRecord,
): Omit<HashedRow, 'stream' | 'sequence' | 'previous_hash' | 'stored_at'> {
  return {
    key: record.key,
    action: record.action,
    occurred_at: record.occurredAt,
    plugin: record.plugin,
    event_id: record.eventId,
    severity: record.severity,
    outcome: record.outcome,
    actor: record.actor ?? null,
    actor_type: record.actorType,
    ip: record.ip ?? null,
    user_agent: record.userAgent ?? null,
    method: record.method ?? null,
    url: record.url ?? null,
    request_id: record.requestId ?? null,
    entity_refs: [...record.entityRefs],
    meta: record.meta ?? null,
    error: record.error ?? null,
  };
}

function wordsOf(record: AuditRecord): string[] {
  return collectWords(
    record.actor,
    record.plugin,
    record.eventId,
    record.requestId,
    record.ip,
    record.error?.message,
    record.meta,
  );
}

/** SQLSTATE classes of data that does not fit: trying again does not help. */
function isAboutData(error: unknown): error is Error {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(?:22|23|54)...$/.test(code);
}
