import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { createTestStore, newRow } from '../__testUtils__/createTestStore';
import type { DatabaseRequestStore } from './DatabaseRequestStore';

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const supported = databases.supports('POSTGRES_18') ? describe : describe.skip;

supported('DatabaseRequestStore', () => {
  let store: DatabaseRequestStore;
  let knex: Knex;

  beforeEach(async () => {
    ({ store, knex } = await createTestStore(databases));
  });

  const insert = async (changes: Parameters<typeof newRow>[0] = {}) =>
    (await store.insert(newRow(changes), [])).row;

  it('stores a request once for a key, and refuses the key for another body', async () => {
    const key = { idempotency_key: 'key-of-maya' };
    const first = await store.insert(newRow({ ...key, name: 'one' }), [
      { actor: 'user:default/maya', type: 'status', to: 'provisioning' },
    ]);
    const again = await store.insert(newRow({ ...key, name: 'one' }), []);
    expect([first.created, again.created]).toEqual([true, false]);
    expect(again.row.id).toBe(first.row.id);
    expect(await store.events(first.row.id)).toHaveLength(1);
    await expect(
      store.insert(newRow({ ...key, name: 'two', body_hash: 'b' }), []),
    ).rejects.toThrow(/Idempotency-Key was used for another request/);
    // Keys are each user's own.
    const other = { ...key, requester: 'user:default/priya', name: 'three' };
    expect((await store.insert(newRow(other), [])).created).toBe(true);
  });

  it('has one request for an object, until it is gone', async () => {
    const first = await insert({ name: 'orders' });
    await expect(insert({ name: 'orders' })).rejects.toThrow(
      /There is a PostgreSQLInstance 'orders' in ordering-development already/,
    );
    // The same name in another namespace is another object.
    await insert({ name: 'orders', namespace: 'ordering-staging' });
    await store.change(first, { status: 'deleted' }, []);
    await insert({ name: 'orders' });
  });

  it('pages through all of them once, while others are added', async () => {
    const at = new Date('2026-01-01T00:00:00.123Z');
    const rows = await Promise.all(
      Array.from({ length: 7 }, () => insert({ created_at: at })),
    );
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list({ limit: 3, cursor });
      seen.push(...page.rows.map(({ id }) => id));
      cursor = page.nextCursor;
      await insert();
    } while (cursor);
    expect(seen.sort()).toEqual(rows.map(({ id }) => id).sort());
    for (const wrong of ['x', Buffer.from('["1;drop","x"]').toString('base64')])
      await expect(store.list({ limit: 3, cursor: wrong })).rejects.toThrow(
        /Invalid cursor/,
      );
  });

  it('finds by every filter, and takes text as text', async () => {
    const mine = await insert({
      name: 'orders-db',
      owner: 'group:default/orders',
      status: 'awaiting-approval',
      approvers: ['user:default/jonas', 'group:default/platform'],
    });
    const theirs = await insert({
      name: 'stock-db',
      owner: 'group:default/fulfilment',
      requester: 'user:default/priya',
      environment: 'staging',
    });
    const find = async (filter: object) =>
      (await store.list({ limit: 10, ...filter })).rows.map(({ id }) => id);
    expect(await find({ owners: ['group:default/orders'] })).toEqual([mine.id]);
    expect(await find({ requester: 'user:default/priya' })).toEqual([
      theirs.id,
    ]);
    expect(await find({ statuses: ['provisioning'] })).toEqual([theirs.id]);
    expect(await find({ environment: 'staging' })).toEqual([theirs.id]);
    expect(await find({ text: 'STOCK' })).toEqual([theirs.id]);
    expect(await find({ text: "%' OR 1=1 --" })).toEqual([]);
    const decidable = (user: string, ...claims: string[]) =>
      find({ decidableBy: { user, claims } });
    expect(
      await decidable('user:default/tomas', 'group:default/platform'),
    ).toEqual([mine.id]);
    expect(
      await decidable('user:default/priya', 'group:default/fulfilment'),
    ).toEqual([]);
    // Nobody decides on what they asked for.
    expect(
      await decidable('user:default/maya', 'group:default/platform'),
    ).toEqual([]);
    expect(
      await find({
        visible: (query: Knex.QueryBuilder) =>
          query.whereIn('owner', ['group:default/fulfilment']),
      }),
    ).toEqual([theirs.id]);
  });

  it('gives each due request to one worker, and lets only the last one write', async () => {
    await Promise.all(Array.from({ length: 20 }, () => insert()));
    const claims = await Promise.all(
      Array.from({ length: 5 }, () => store.claim(8, 60)),
    );
    const ids = claims.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(20);
    expect(ids).toHaveLength(20);

    // A worker that was stopped for longer than its lease.
    const [zombie] = claims.flat();
    await knex('requests')
      .where({ id: zombie.id })
      .update({ lease_until: new Date(0) });
    const [heir] = await store.claim(8, 60);
    expect(heir.id).toBe(zombie.id);
    await expect(
      store.advance(zombie, { status: 'failed' }, { next: null }),
    ).rejects.toThrow(/Lost the lease/);
    await store.advance(heir, { status: 'ready' }, { next: 60 });
    expect((await store.find(zombie.id))?.status).toBe('ready');
  });

  it('looks again at what was woken while a worker had it', async () => {
    const row = await insert();
    const [claimed] = await store.claim(1, 60);
    await store.wake(pick(row));
    await store.advance(claimed, {}, { next: 3600 });
    expect(await store.claim(1, 60)).toHaveLength(1);
  });

  it('refuses a change that is based on an old version, and takes the request from its worker', async () => {
    const row = await insert();
    const [claimed] = await store.claim(1, 60);
    const changed = await store.change(row, { status: 'deleting' }, []);
    expect(changed.version).toBe(row.version + 1);
    await expect(store.change(row, { status: 'ready' }, [])).rejects.toThrow(
      /changed meanwhile/,
    );
    await expect(
      store.advance(claimed, { status: 'ready' }, { next: null }),
    ).rejects.toThrow(/Lost the lease/);
  });

  it('never changes events', async () => {
    const row = newRow();
    await store.insert(row, [{ actor: 'a', type: 'status', to: 'draft' }]);
    await expect(knex('request_events').update({ actor: 'b' })).rejects.toThrow(
      /never changed/,
    );
    await expect(knex('request_events').delete()).rejects.toThrow(
      /never changed/,
    );
  });

  it('measures how long offerings take and what teams spend', async () => {
    const applied = new Date('2026-01-01T00:00:00Z');
    for (const seconds of [2, 4, 60]) {
      const row = await insert();
      await store.change(
        row,
        {
          applied_at: applied,
          ready_at: new Date(applied.getTime() + seconds * 1000),
          status: seconds === 60 ? 'deleted' : 'ready',
        },
        [],
      );
    }
    expect([...(await store.readyTimes()).values()]).toEqual([
      { samples: 3, medianSeconds: 4 },
    ]);
    expect(await store.costOf('group:default/orders')).toBe(36);
  });

  it('can be taken away again', async () => {
    await insert();
    await knex('request_events').truncate();
    // eslint-disable-next-line no-restricted-syntax
    const directory = `${__dirname}/../../migrations`;
    await knex.migrate.rollback({ directory });
    expect(await knex.schema.hasTable('requests')).toBe(false);
    await knex.migrate.latest({ directory });
  });
});

function pick(row: {
  cluster: string;
  namespace: string;
  kind: string;
  name: string;
}) {
  const { cluster, namespace, kind, name } = row;
  return { cluster, namespace, kind, name };
}
