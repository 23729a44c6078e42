import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { applyWaystoneMigrations } from '../database/applyWaystoneMigrations';
import { registerChangeConsumers } from '../changes/registerChangeConsumers';
import { ProblemNotices } from './ProblemNotices';

jest.setTimeout(60_000);

const ORDERS = 'group:default/orders';
const YAML = 'YAML error at /shop/catalog-info.yaml';

describe('ProblemNotices', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  const send = jest.fn();
  let knex: Knex;
  let now: number;

  const create = () =>
    new ProblemNotices({
      database: mockServices.database({ knex }),
      logger: mockServices.logger.mock(),
      notifications: { send },
      now: () => now,
    });
  const run = (notices = create()) => {
    now += 60_000;
    return notices.run();
  };
  const setErrors = (ref: string, messages: string[]) =>
    knex('refresh_state')
      .where({ entity_ref: ref })
      .update({
        errors: JSON.stringify(
          messages.map(message => ({ name: 'InputError', message })),
        ),
      });
  const add = async (ref: string, owner: string) => {
    await knex('refresh_state').insert({
      entity_id: ref,
      entity_ref: ref,
      unprocessed_entity: '{}',
      errors: '[]',
      next_update_at: new Date(Date.now() + 600_000),
      last_discovery_at: knex.fn.now(),
    });
    await knex('relations').insert({
      originating_entity_id: ref,
      source_entity_ref: ref,
      type: 'ownedBy',
      target_entity_ref: owner,
    });
  };
  const titles = () =>
    send.mock.calls.map(([{ payload, recipients }]) => [
      recipients.entityRef.join(),
      payload.title,
    ]);

  beforeEach(async () => {
    send.mockReset().mockResolvedValue(undefined);
    now = Date.parse('2026-11-01T10:00:00Z');
    knex = await databases.init('POSTGRES_18');
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@backstage/plugin-catalog-backend',
        'migrations',
      ),
    });
    await applyWaystoneMigrations(knex);
    await knex('refresh_state').insert({
      entity_id: ORDERS,
      entity_ref: ORDERS,
      unprocessed_entity: '{}',
      errors: '[]',
      next_update_at: new Date(Date.now() + 600_000),
      last_discovery_at: knex.fn.now(),
    });
    await add('component:default/shop', ORDERS);
  });

  it('tells the owners once, and when it is solved', async () => {
    await run();
    await setErrors('component:default/shop', [YAML]);
    await run();
    // Not at once: it may be gone in the next moment
    expect(send).not.toHaveBeenCalled();
    await run();
    expect(send).toHaveBeenCalledTimes(1);
    expect(send).toHaveBeenCalledWith({
      recipients: { type: 'entity', entityRef: [ORDERS] },
      payload: {
        title: 'shop: an error in its catalog entry',
        description: 'The catalog could not take its newest version.',
        link: '/catalog/default/component/shop',
        severity: 'high',
        topic: 'catalog-problem',
        scope: expect.stringContaining('component:default/shop'),
      },
    });
    await run();
    await run();
    expect(send).toHaveBeenCalledTimes(1);

    await setErrors('component:default/shop', []);
    await run();
    await run();
    expect(send).toHaveBeenCalledTimes(2);
    const [[first], [second]] = send.mock.calls;
    expect(second.payload).toMatchObject({
      title: 'Solved: shop: an error in its catalog entry',
      scope: first.payload.scope,
    });
  });

  it('looks at the errors only if something has changed', async () => {
    await registerChangeConsumers({
      knex,
      consumers: [{ name: 'test', version: 1, onChanges: async () => {} }],
    });
    const notices = create();
    let looks = 0;
    knex.on('query', ({ sql }) => {
      looks += Number(sql.includes('owner-unknown'));
    });
    const looksOf = async (runs: number) => {
      looks = 0;
      for (let n = 0; n < runs; n += 1) {
        await run(notices);
      }
      return looks;
    };
    // Twice: what was being written at the first look is seen by the second
    expect(await looksOf(5)).toBe(2);
    await knex('final_entities').insert({
      entity_id: 'component:default/shop',
      entity_ref: 'component:default/shop',
      hash: 'a',
      final_entity: '{}',
    });
    expect(await looksOf(5)).toBe(2);
    await setErrors('component:default/shop', [YAML]);
    expect(await looksOf(5)).toBe(2);
    expect(send).toHaveBeenCalledTimes(1);
    await setErrors('component:default/shop', []);
    expect(await looksOf(5)).toBe(2);
    expect(send).toHaveBeenCalledTimes(2);
    now += 60 * 60_000;
    expect(await looksOf(5)).toBe(1);
  });

  it('says nothing of what was gone in a moment', async () => {
    await setErrors('component:default/shop', [YAML]);
    await run();
    await setErrors('component:default/shop', []);
    await run();
    await run();
    expect(send).not.toHaveBeenCalled();
  });

  it('says nothing of a source that does not answer, but of one that is gone', async () => {
    await setErrors('component:default/shop', [
      'Unable to read url, Error: connect ECONNREFUSED',
    ]);
    await run();
    await run();
    expect(send).not.toHaveBeenCalled();
    await setErrors('component:default/shop', [
      'Unable to read url, NotFoundError: 404 Not Found',
    ]);
    await run();
    await run();
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('tells many at once in one message, and each owner only of their own', async () => {
    for (const name of ['a', 'b', 'c', 'd']) {
      await add(`component:default/${name}`, ORDERS);
      await setErrors(`component:default/${name}`, [YAML]);
    }
    await add('component:default/other', 'user:default/maya');
    await setErrors('component:default/other', [YAML]);
    await knex('refresh_state').insert({
      entity_id: 'maya',
      entity_ref: 'user:default/maya',
      unprocessed_entity: '{}',
      errors: '[]',
      next_update_at: new Date(Date.now() + 600_000),
      last_discovery_at: knex.fn.now(),
    });
    await run();
    await run();
    await run();
    expect(titles().sort()).toEqual([
      [ORDERS, '4 new errors in catalog entries that you own'],
      ['user:default/maya', 'other: an error in its catalog entry'],
    ]);
  });

  it('tries again when nobody could be told', async () => {
    send.mockRejectedValueOnce(new Error('away'));
    await setErrors('component:default/shop', [YAML]);
    await run();
    await expect(run()).rejects.toThrow('away');
    await run();
    await run();
    expect(send).toHaveBeenCalledTimes(2);
  });
});
