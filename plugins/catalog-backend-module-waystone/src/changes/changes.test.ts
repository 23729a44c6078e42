import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { applyWaystoneMigrations } from '../database/applyWaystoneMigrations';
import { ChangeQueue } from './ChangeQueue';
import type { EntityChange, EntityChangeConsumer } from './EntityChange';
import { EntityChanges } from './EntityChanges';
import { registerChangeConsumers } from './registerChangeConsumers';

jest.setTimeout(60_000);

const ONE = 'component:default/one';
const TWO = 'component:default/two';

describe('changes of entities', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;

  beforeEach(async () => {
    knex = await databases.init('POSTGRES_18');
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@backstage/plugin-catalog-backend',
        'migrations',
      ),
    });
    await applyWaystoneMigrations(knex);
  });

  const text = (ref: string, title: string) =>
    JSON.stringify({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: ref.split('/')[1], title },
    });
  /** As the catalog's stitcher writes. */
  const write = async (ref: string, title: string, db: Knex = knex) => {
    await db('refresh_state')
      .insert({
        entity_id: ref,
        entity_ref: ref,
        unprocessed_entity: '{}',
        errors: '[]',
        next_update_at: knex.fn.now(),
        last_discovery_at: knex.fn.now(),
      })
      .onConflict('entity_ref')
      .ignore();
    await db('final_entities')
      .insert({
        entity_id: ref,
        entity_ref: ref,
        final_entity: text(ref, title),
        hash: title,
        last_updated_at: knex.fn.now(),
      })
      .onConflict('entity_id')
      .merge(['final_entity', 'hash', 'last_updated_at']);
  };
  /** As the catalog deletes: the final entity goes with its source. */
  const remove = (ref: string) =>
    knex('refresh_state').where({ entity_ref: ref }).delete();

  const consumer = (
    options: Partial<EntityChangeConsumer> = {},
  ): EntityChangeConsumer & { readonly seen: EntityChange[] } => {
    const seen: EntityChange[] = [];
    return {
      name: 'reader',
      version: 1,
      onChanges: async changes => void seen.push(...changes),
      ...options,
      seen,
    };
  };
  const register = (...consumers: EntityChangeConsumer[]) =>
    registerChangeConsumers({ knex, consumers });
  const drain = async (reader: EntityChangeConsumer) => {
    const queue = new ChangeQueue(knex);
    while ((await queue.deliver(reader, () => {})).outcome !== 'empty');
  };
  const short = (changes: readonly EntityChange[]) =>
    changes.map(
      ({ action, entityRef, before, after }) =>
        `${action} ${entityRef.split('/')[1]} ${
          before?.metadata.title ?? '-'
        } ${after?.metadata.title ?? '-'}`,
    );

  it('tells of what is there, and then of every real change, with both states', async () => {
    await write(ONE, 'a');
    const reader = consumer();
    await register(reader);
    await write(ONE, 'b');
    await write(ONE, 'b');
    await write(TWO, 'x');
    await remove(ONE);
    await write(ONE, 'c');
    await drain(reader);
    expect(short(reader.seen)).toEqual([
      // Always as it is by now
      'existing one - c',
      'changed one a b',
      'created two - x',
      'deleted one b -',
      'created one - c',
    ]);
    expect(await knex('waystone_changes').count()).toEqual([{ count: '0' }]);
  });

  it('replays for new consumers, new versions and after lost triggers, and for nobody else', async () => {
    await write(ONE, 'a');
    await write(TWO, 'x');
    const first = consumer({ name: 'first' });
    await register(first);
    await drain(first);
    expect(short(first.seen)).toEqual(['existing one - a', 'existing two - x']);
    const second = consumer({ name: 'second' });
    await register(first, second);
    await drain(first);
    await drain(second);
    expect(first.seen).toHaveLength(2);
    expect(second.seen).toHaveLength(2);

    await register({ ...first, version: 2 }, second);
    await drain(first);
    await drain(second);
    expect(first.seen).toHaveLength(4);
    expect(second.seen).toHaveLength(2);
    // An older replica starts: what the newer one reads does not begin anew
    await register(first, second);
    await drain(first);
    expect(first.seen).toHaveLength(4);

    await knex.raw('drop trigger waystone_entity_deleted on final_entities');
    await remove(TWO);
    await register(first, second);
    await drain(second);
    expect(short(second.seen.slice(2))).toEqual(['existing one - a']);
  });

  it('skips nothing that is committed late', async () => {
    const reader = consumer();
    await register(reader);
    const late = await knex.transaction();
    await write(ONE, 'late', late as unknown as Knex);
    await write(TWO, 'early');
    await drain(reader);
    expect(short(reader.seen)).toEqual(['created two - early']);
    await late.commit();
    await drain(reader);
    expect(short(reader.seen).slice(1)).toEqual(['created one - late']);
  });

  it('notes nothing of what is undone', async () => {
    const reader = consumer();
    await register(reader);
    const undone = await knex.transaction();
    await write(ONE, 'never', undone as unknown as Knex);
    await undone.rollback();
    await drain(reader);
    expect(reader.seen).toEqual([]);
  });

  it('never breaks a write of the catalog, whatever became of the tables', async () => {
    const reader = consumer();
    await register(reader);
    await knex.schema.alterTable('final_entities', table => {
      table.dropColumn('hash');
    });
    await knex('refresh_state').insert({
      entity_id: ONE,
      entity_ref: ONE,
      unprocessed_entity: '{}',
      errors: '[]',
      next_update_at: knex.fn.now(),
      last_discovery_at: knex.fn.now(),
    });
    const insert = { entity_id: ONE, entity_ref: ONE, final_entity: '{}' };
    await knex('final_entities').insert(insert);
    await knex('final_entities').update({ final_entity: '{"a":1}' });
    await expect(register(reader)).rejects.toThrow(/'hash'/);
    await knex.schema.dropTable('waystone_change_deliveries');
    await knex('final_entities').update({ final_entity: '{"a":2}' });
    await knex.schema.dropTable('waystone_change_consumers');
    await remove(ONE);
    expect(await knex('final_entities').count()).toEqual([{ count: '0' }]);
    // As a migration of the catalog could
    await knex.schema.alterTable('final_entities', table => {
      table.renameColumn('final_entity', 'body');
      table.dropColumn('entity_ref');
    });
    await knex.raw('drop table final_entities cascade');
  });

  it('tells one replica at a time, and the other one next', async () => {
    await write(ONE, 'a');
    const reader = consumer();
    await register(reader);
    let release: () => void = () => {};
    const held = new Promise<void>(resolve => {
      release = resolve;
    });
    let entered: () => void = () => {};
    const inside = new Promise<void>(resolve => {
      entered = resolve;
    });
    const slow = consumer({
      onChanges: async () => {
        entered();
        await held;
        throw new Error('the replica dies');
      },
    });
    const dying = new ChangeQueue(knex).deliver(slow, () => {});
    dying.catch(() => {});
    await inside;
    const queue = new ChangeQueue(knex);
    expect(await queue.deliver(reader, () => {})).toEqual({ outcome: 'busy' });
    release();
    await expect(dying).rejects.toThrow('the replica dies');
    await knex('waystone_change_deliveries').update({ not_before: null });
    await drain(reader);
    expect(short(reader.seen)).toEqual(['existing one - a']);
  });

  it('delivers the others when one change fails, puts that off and gives up in the end', async () => {
    const seen: string[] = [];
    const picky = consumer({
      onChanges: async (changes, { transaction }) => {
        await transaction('waystone_change_consumers').insert({
          name: 'undone with the failure',
          version: 1,
          seen_at: transaction.fn.now(),
        });
        if (changes.some(({ entityRef }) => entityRef === ONE)) {
          throw new Error('I do not like one');
        }
        await transaction('waystone_change_consumers')
          .where({ name: 'undone with the failure' })
          .delete();
        seen.push(...short(changes));
      },
    });
    await register(picky);
    await write(ONE, 'a');
    await write(TWO, 'x');
    const queue = new ChangeQueue(knex);
    const givenUp: string[] = [];
    const deliver = () => queue.deliver(picky, ids => givenUp.push(...ids));
    await expect(deliver()).rejects.toThrow('I do not like one');
    expect(seen).toEqual(['created two - x']);
    expect(await queue.isWaiting('reader')).toBe(false);
    await knex('waystone_change_deliveries').update({
      not_before: null,
      attempts: 15,
    });
    expect(await queue.isWaiting('reader')).toBe(true);
    await expect(deliver()).rejects.toThrow();
    expect(givenUp).toHaveLength(1);
    expect(await deliver()).toEqual({ outcome: 'empty' });
    expect(await knex('waystone_change_consumers').count()).toEqual([
      { count: '1' },
    ]);
  });

  it('gives only the last change if asked, and no more than fits into memory', async () => {
    const latest = consumer({ name: 'latest', latestOnly: true });
    const sizes: number[] = [];
    const all = consumer({
      name: 'all',
      onChanges: async changes => void sizes.push(changes.length),
    });
    await register(latest, all);
    const large = 'x'.repeat(3 * 1024 * 1024);
    for (let n = 0; n < 5; n += 1) {
      await write(ONE, `${n}`);
      await knex('final_entities').update({
        final_entity: JSON.stringify({ metadata: { title: large } }),
        hash: `${n}-large`,
      });
    }
    await drain(latest);
    expect(latest.seen.length).toBeLessThan(5);
    expect(latest.seen.at(-1)?.after?.metadata.title).toHaveLength(
      large.length,
    );
    await drain(all);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(10);
  });

  it('finds work by itself in every replica, and repairs what it needs', async () => {
    const start = async () => {
      const reader = consumer();
      const changes = EntityChanges.create({
        database: mockServices.database({ knex }),
        logger: mockServices.logger.mock(),
      });
      changes.subscribe(reader);
      expect(() => changes.subscribe(reader)).toThrow(/twice/);
      await changes.start();
      return { changes, reader };
    };
    const until = async (condition: () => boolean) => {
      while (!condition()) {
        await new Promise(resolve => setTimeout(resolve, 20));
      }
    };
    const left = await start();
    const right = await start();
    const all = () => [...left.reader.seen, ...right.reader.seen];
    await write(ONE, 'a');
    await until(() => all().length >= 1);
    await left.changes.stop();
    await write(TWO, 'x');
    await until(() => right.reader.seen.some(c => c.entityRef === TWO));
    await right.changes.stop();
    expect(all().map(({ entityRef }) => entityRef)).toEqual([ONE, TWO]);
  });

  it('leaves connections to requests, and starts when its turn has come', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const told = new Set<string>();
    let working = 0;
    let most = 0;
    let end = () => {};
    const hooks: (() => void | Promise<void>)[] = [];
    const changes = EntityChanges.create({
      database: mockServices.database({ knex }),
      logger: mockServices.logger.mock(),
      lifecycle: mockServices.lifecycle.mock({
        addStartupHook: hook => hooks.push(hook),
      }),
      after: new Promise(resolve => {
        end = resolve;
      }),
    });
    const work = async (name: string) => {
      working += 1;
      most = Math.max(most, working);
      await new Promise(resolve => setTimeout(resolve, 100));
      told.add(name);
      working -= 1;
    };
    for (const name of names) {
      changes.subscribe({ name, version: 1, onChanges: () => work(name) });
    }
    await write(ONE, 'a');
    await Promise.all(hooks.map(hook => hook()));
    const { rows } = await knex.raw('select 1 from waystone_change_consumers');
    expect(rows).toEqual([]);
    end();
    while (told.size < names.length) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    await changes.stop();
    expect(most).toBe(2);
  });

  it('is removed without a trace', async () => {
    await register(consumer());
    await knex.migrate.down({
      directory: resolvePackagePath(
        '@waystone/plugin-catalog-backend-module-waystone',
        'migrations',
      ),
      tableName: 'waystone_migrations',
      name: '20261121160000_entity_changes.js',
    } as Knex.MigratorConfig);
    await write(ONE, 'a');
    const { rows } = await knex.raw(
      `select 1 from pg_trigger where tgname like 'waystone%'`,
    );
    expect(rows).toEqual([]);
  });
});
