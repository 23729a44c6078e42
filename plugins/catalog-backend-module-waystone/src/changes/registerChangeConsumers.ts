import type { Knex } from 'knex';
import type { EntityChangeConsumer } from './EntityChange';
import { installChangeTriggers } from './changeTriggers';

/** A consumer that no replica has known for so long is forgotten, with what waits for it. */
const FORGOTTEN_AFTER = '7 days';

/**
 * Makes the database note changes for these consumers from now on; new ones are told of all entities first.
 *
 * @remarks
 *
 * Safe to call in several replicas at once, and again at any time: it repairs what is missing.
 *
 * @throws Error - the catalog's table is not what the trigger reads
 */
export async function registerChangeConsumers(options: {
  readonly knex: Knex;
  readonly consumers: readonly EntityChangeConsumer[];
}): Promise<void> {
  const { consumers, knex } = options;
  await knex.transaction(async transaction => {
    // Longer than a page may wait: a replay of a million entities takes a while
    await transaction.raw(`set local statement_timeout = '600s'`);
    await transaction.raw(
      `select pg_advisory_xact_lock(hashtextextended('waystone.changes.register', 0))`,
    );
    const missed = await installChangeTriggers(transaction);
    await transaction.raw(
      'delete from waystone_change_consumers where seen_at < now() - ?::interval',
      [FORGOTTEN_AFTER],
    );
    await transaction.raw(
      `delete from waystone_change_deliveries d
       where not exists (select 1 from waystone_change_consumers c where c.name = d.consumer)`,
    );
    const known: { name: string; version: number }[] = await transaction(
      'waystone_change_consumers',
    ).select('name', 'version');
    const behind = consumers.filter(
      consumer =>
        missed ||
        !known.some(
          ({ name, version }) =>
            name === consumer.name && version >= consumer.version,
        ),
    );
    if (behind.length > 0) {
      // What is being written is either seen by the replay, or noted for the consumer
      await transaction.raw(
        'lock table final_entities in share row exclusive mode',
      );
    }
    for (const { name, version } of consumers) {
      await transaction('waystone_change_consumers')
        .insert({ name, version, seen_at: transaction.fn.now() })
        .onConflict('name')
        .merge({
          version: transaction.raw(
            'greatest(waystone_change_consumers.version, excluded.version)',
          ),
          seen_at: transaction.fn.now(),
        });
    }
    if (behind.length > 0) {
      await replay(
        transaction,
        behind.map(({ name }) => name),
      );
    }
  });
}

/** Without the entities themselves, which are where they are. */
async function replay(
  transaction: Knex.Transaction,
  consumers: readonly string[],
): Promise<void> {
  await transaction.raw(
    `with change as (
       insert into waystone_changes (entity_id, entity_ref, action, changed_at)
       select entity_id, entity_ref, 'existing', coalesce(last_updated_at, now())
       from final_entities where final_entity is not null
       returning id
     )
     insert into waystone_change_deliveries (consumer, change_id)
     select consumer, change.id from change cross join unnest(?::text[]) consumer`,
    [[...consumers]],
  );
}
