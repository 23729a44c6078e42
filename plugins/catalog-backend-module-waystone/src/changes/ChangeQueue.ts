import type { Entity } from '@backstage/catalog-model';
import type { Knex } from 'knex';
import type { EntityChange, EntityChangeConsumer } from './EntityChange';

const BATCH_SIZE = 100;

/** Entities may have definitions of megabytes: a batch ends before it fills the memory. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** After so many failures, the last about a day after the first, a change is given up. */
const MOST_ATTEMPTS = 16;

/** How a turn ended. `busy`: another replica works for the consumer. */
export type Turn =
  | { readonly outcome: 'empty' | 'busy' }
  | { readonly outcome: 'delivered'; readonly changes: number };

interface WaitingChange {
  readonly id: string;
  readonly ref: string;
}

/** Thrown out of a turn, so that its transaction is undone. */
class DeliveryFailure extends Error {
  readonly ids: readonly string[];
  constructor(ids: readonly string[], cause: unknown) {
    super('A consumer failed', { cause });
    this.ids = ids;
  }
}

/**
 * What waits for a consumer.
 *
 * @remarks
 *
 * Every change waits for every consumer as a row, and is taken by deleting it. A position in the list of changes
 * would not do: a transaction that commits late adds a change before a position that was already passed.
 */
export class ChangeQueue {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Whether something can be delivered now. */
  async isWaiting(consumer: string): Promise<boolean> {
    const { rows } = await this.#knex.raw<{ rows: { waits: boolean }[] }>(
      `select exists (
         select 1 from waystone_change_deliveries
         where consumer = ? and (not_before is null or not_before <= now())
       ) as waits`,
      [consumer],
    );
    return rows[0].waits;
  }

  /**
   * Delivers the next changes, in one transaction with what the consumer writes.
   *
   * @param onGivenUp - told of a change that could not be delivered however often it was tried
   * @throws what the consumer threw, after the changes were put off
   */
  async deliver(
    consumer: EntityChangeConsumer,
    onGivenUp: (changeIds: readonly string[]) => void,
  ): Promise<Turn> {
    try {
      return await this.#turn(consumer, consumer.batchSize ?? BATCH_SIZE);
    } catch (error) {
      if (!(error instanceof DeliveryFailure)) {
        throw error;
      }
      if (error.ids.length === 1) {
        await this.#putOff(consumer, error.ids, onGivenUp);
        throw error.cause;
      }
      // One of them is to blame: the others don't wait for it
      return await this.#oneByOne(consumer, error.ids, onGivenUp);
    }
  }

  async #oneByOne(
    consumer: EntityChangeConsumer,
    ids: readonly string[],
    onGivenUp: (changeIds: readonly string[]) => void,
  ): Promise<Turn> {
    let first: DeliveryFailure | undefined;
    for (let n = 0; n < ids.length; n += 1) {
      try {
        const turn = await this.#turn(consumer, 1);
        if (turn.outcome !== 'delivered') {
          break;
        }
      } catch (error) {
        if (!(error instanceof DeliveryFailure)) {
          throw error;
        }
        await this.#putOff(consumer, error.ids, onGivenUp);
        first ??= error;
      }
    }
    if (first) {
      throw first.cause;
    }
    return { outcome: 'delivered', changes: ids.length };
  }

  async #turn(consumer: EntityChangeConsumer, limit: number): Promise<Turn> {
    return this.#knex.transaction(async transaction => {
      const { rows } = await transaction.raw<{ rows: { free: boolean }[] }>(
        `select pg_try_advisory_xact_lock(hashtextextended(?, 0)) as free`,
        [`waystone.changes.${consumer.name}`],
      );
      if (!rows[0].free) {
        return { outcome: 'busy' };
      }
      const batch = await nextBatch(transaction, consumer.name, limit);
      if (batch.length === 0) {
        return { outcome: 'empty' };
      }
      const ids = batch.map(({ id }) => id);
      const wanted = consumer.latestOnly
        ? [...new Map(batch.map(({ ref, id }) => [ref, id])).values()]
        : ids;
      const changes = await readChanges(transaction, wanted);
      try {
        await consumer.onChanges(changes, { transaction });
      } catch (error) {
        throw new DeliveryFailure(ids, error);
      }
      await transaction.raw(
        'delete from waystone_change_deliveries where consumer = ? and change_id = any(?::bigint[])',
        [consumer.name, ids],
      );
      await transaction.raw(
        `delete from waystone_changes c where c.id = any(?::bigint[]) and not exists (
           select 1 from waystone_change_deliveries d where d.change_id = c.id
         )`,
        [ids],
      );
      return { outcome: 'delivered', changes: ids.length };
    });
  }

  async #putOff(
    consumer: EntityChangeConsumer,
    ids: readonly string[],
    onGivenUp: (changeIds: readonly string[]) => void,
  ): Promise<void> {
    const { rows } = await this.#knex.raw<{ rows: { id: string }[] }>(
      `with given_up as (
         delete from waystone_change_deliveries
         where consumer = ? and change_id = any(?::bigint[]) and attempts + 1 >= ?
         returning change_id
       ), put_off as (
         update waystone_change_deliveries
         set attempts = attempts + 1,
           not_before = now() + least(power(2, attempts), 3600 * 3) * interval '1 second'
         where consumer = ? and change_id = any(?::bigint[]) and attempts + 1 < ?
       )
       select change_id as id from given_up`,
      [
        consumer.name,
        [...ids],
        MOST_ATTEMPTS,
        consumer.name,
        [...ids],
        MOST_ATTEMPTS,
      ] as Knex.RawBinding[],
    );
    if (rows.length > 0) {
      onGivenUp(rows.map(({ id }) => id));
    }
  }

  /** Removes changes that wait for nobody: two consumers that end at once leave them to each other. */
  async sweep(): Promise<void> {
    await this.#knex.raw(
      `delete from waystone_changes c
       where c.changed_at < now() - interval '10 minutes' and not exists (
         select 1 from waystone_change_deliveries d where d.change_id = c.id
       )`,
    );
  }
}

async function nextBatch(
  transaction: Knex.Transaction,
  consumer: string,
  limit: number,
): Promise<WaitingChange[]> {
  const { rows } = await transaction.raw<{ rows: WaitingChange[] }>(
    `select id::text, ref from (
       select c.id, c.entity_ref as ref, row_number() over (order by c.id) as number,
         sum(coalesce(octet_length(c.before), 0) + coalesce(octet_length(coalesce(c.after, f.final_entity)), 0))
           over (order by c.id) as size
       from (
         select change_id from waystone_change_deliveries
         where consumer = ? and (not_before is null or not_before <= now())
         order by change_id limit ?
       ) d
       join waystone_changes c on c.id = d.change_id
       left join final_entities f on c.action = 'existing' and f.entity_id = c.entity_id
     ) next where number = 1 or size <= ? order by number`,
    [consumer, limit, MOST_CHARACTERS],
  );
  return rows;
}

async function readChanges(
  transaction: Knex.Transaction,
  ids: readonly string[],
): Promise<EntityChange[]> {
  const { rows } = await transaction.raw<{
    rows: {
      id: string;
      entityRef: string;
      entityId: string;
      action: EntityChange['action'];
      changedAt: Date;
      before: string | null;
      after: string | null;
    }[];
  }>(
    `select c.id::text, c.entity_ref as "entityRef", c.entity_id as "entityId", c.action,
       c.changed_at as "changedAt", c.before, coalesce(c.after, f.final_entity) as after
     from waystone_changes c
     left join final_entities f on c.action = 'existing' and f.entity_id = c.entity_id
     where c.id = any(?::bigint[]) order by c.id`,
    [[...ids]],
  );
  return (
    rows
      // Gone in the meantime: its deletion is a change that follows
      .filter(({ action, after }) => action !== 'existing' || after !== null)
      .map(({ id, before, after, ...change }) => ({
        ...change,
        id: Number(id),
        before: parseEntity(before),
        after: parseEntity(after),
      }))
  );
}

/** The catalog's own text, which it parses in the same way. */
function parseEntity(text: string | null): Entity | undefined {
  return text === null ? undefined : (JSON.parse(text) as Entity);
}
