import type { AuditStatusResponse } from '@waystone/plugin-audit-common';
import type { Knex } from 'knex';
import { AUDIT_COLUMNS, STREAMS } from './AuditRow';
import type { AuditRow, Stream } from './AuditRow';
import { CHAIN_LOCK } from './AuditWriter';
import { FIRST_HASH, hashRow } from './hashRow';

/** How many events are looked at or removed at once. */
const PAGE = 2_000;

/** The end of a chain, as far as it was followed. */
interface Link {
  readonly sequence: number;
  readonly hash: string;
}

type ChainCheck = AuditStatusResponse['chains'][number];

/** What {@link AuditChain.removeOlder} removed. */
export interface Removal {
  readonly stream: Stream;
  readonly removed: number;
  /** The last one that is gone. */
  readonly upTo: number;
}

/** Looks after the chains of events: whether they are whole, and how long they get. */
export class AuditChain {
  readonly #knex: Knex;

  static create(options: { readonly knex: Knex }): AuditChain {
    return new AuditChain(options.knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** The last check of each stream. */
  async checks(): Promise<ChainCheck[]> {
    const rows = await this.#knex('audit_checks').orderBy('stream').select();
    return rows.map(row => ({
      stream: row.stream,
      checkedAt: row.checked_at.toISOString(),
      events: Number(row.events),
      intact: row.intact,
      ...(row.problem && { problem: row.problem }),
    }));
  }

  /** Recomputes the hash of every event, and keeps the result. */
  async check(signal?: AbortSignal): Promise<ChainCheck[]> {
    const results: ChainCheck[] = [];
    for (const stream of STREAMS) {
      const { events, head, problem } = await this.#follow(stream, signal);
      if (signal?.aborted) {
        break;
      }
      const check = {
        stream,
        checked_at: new Date(),
        events,
        intact: !problem,
        problem: problem ?? null,
        head_sequence: head.sequence,
        head_hash: head.hash,
      };
      await this.#knex('audit_checks')
        .insert(check)
        .onConflict('stream')
        // What was once found wrong stays measured by the last head that was right.
        .merge(
          problem ? ['checked_at', 'events', 'intact', 'problem'] : undefined,
        );
      results.push({
        stream,
        checkedAt: check.checked_at.toISOString(),
        events,
        intact: check.intact,
        ...(problem && { problem }),
      });
    }
    return results;
  }

  /**
   * Removes the events of a stream from before a moment, from its start on, and anchors the rest.
   *
   * @returns Undefined if there was none.
   */
  async removeOlder(
    stream: Stream,
    before: Date,
    signal?: AbortSignal,
  ): Promise<Removal | undefined> {
    let total: Removal | undefined;
    while (!signal?.aborted) {
      const removal = await this.#removePage(stream, before);
      if (!removal) {
        break;
      }
      total = {
        ...removal,
        removed: removal.removed + (total?.removed ?? 0),
      };
    }
    return total;
  }

  async #removePage(
    stream: Stream,
    before: Date,
  ): Promise<Removal | undefined> {
    return this.#knex.transaction(async trx => {
      await trx.raw('select pg_advisory_xact_lock(?)', [CHAIN_LOCK]);
      const oldest = await trx('audit_events')
        .where({ stream })
        .orderBy('sequence')
        .limit(PAGE)
        .select<AuditRow[]>('sequence', 'hash', 'occurred_at');
      const young = oldest.findIndex(row => row.occurred_at >= before);
      const gone = young === -1 ? oldest : oldest.slice(0, young);
      const last = gone.at(-1);
      if (!last) {
        return undefined;
      }
      await trx.raw("set local waystone.audit_retention = 'on'");
      await trx('audit_events')
        .where({ stream })
        .where('sequence', '<=', last.sequence)
        .delete();
      await trx('audit_anchors').insert({
        stream,
        sequence: last.sequence,
        hash: last.hash,
        removed: gone.length,
        removed_at: new Date(),
      });
      return { stream, removed: gone.length, upTo: Number(last.sequence) };
    });
  }

  async #follow(
    stream: Stream,
    signal: AbortSignal | undefined,
  ): Promise<{ events: number; head: Link; problem?: string }> {
    const witness = await this.#witness(stream);
    // Before the events: what is removed in the meantime would look like a gap.
    let head = await this.#start(stream);
    let events = 0;
    while (!signal?.aborted) {
      const rows = await this.#knex('audit_events')
        .where({ stream })
        .where('sequence', '>', head.sequence)
        .orderBy('sequence')
        .limit(PAGE)
        .select<AuditRow[]>(...AUDIT_COLUMNS);
      for (const row of rows) {
        const sequence = Number(row.sequence);
        if (sequence !== head.sequence + 1) {
          // The retention may have gone on since the start was read.
          const start = await this.#start(stream);
          if (sequence !== start.sequence + 1) {
            return { events, head, problem: missing(head, sequence - 1) };
          }
          head = start;
        }
        if (
          row.previous_hash !== head.hash ||
          hashRow(row) !== row.hash ||
          (sequence === witness?.sequence && row.hash !== witness.hash)
        ) {
          return { events, head, problem: `Event ${sequence} was changed` };
        }
        head = { sequence, hash: row.hash };
        events += 1;
      }
      if (rows.length < PAGE) {
        break;
      }
    }
    // Without the last ones the chain is whole, but it was longer before.
    return witness && !signal?.aborted && head.sequence < witness.sequence
      ? { events, head, problem: missing(head, witness.sequence) }
      : { events, head };
  }

  /** Where the stream ended when it was last found whole. */
  async #witness(stream: Stream): Promise<Link | undefined> {
    const row = await this.#knex('audit_checks')
      .where({ stream })
      .first('head_sequence', 'head_hash');
    return row && { sequence: Number(row.head_sequence), hash: row.head_hash };
  }

  async #start(stream: Stream): Promise<Link> {
    const anchor = await this.#knex('audit_anchors')
      .where({ stream })
      .orderBy('sequence', 'desc')
      .first('sequence', 'hash');
    return anchor
      ? { sequence: Number(anchor.sequence), hash: anchor.hash }
      : { sequence: 0, hash: FIRST_HASH };
  }
}

function missing(after: Link, last: number): string {
  return `Events ${after.sequence + 1} to ${last} are missing`;
}
