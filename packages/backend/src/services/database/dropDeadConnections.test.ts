import knexFactory, { type Knex } from 'knex';
import { TcpProxy } from '../../__testUtils__/TcpProxy';
import { testDatabase } from '../../__testUtils__/testDatabase';
import type { DatabaseMonitor } from '../databaseMonitor';
import { dropDeadConnections } from './dropDeadConnections';

describe('dropDeadConnections', () => {
  let proxy: TcpProxy;
  let client: Knex;
  let fail: (error: unknown) => void = () => {};

  const answer = async () =>
    (await client.raw('select 42 as answer')).rows[0].answer;

  const backends = async () =>
    (await client.raw('select pg_backend_pid() as pid')).rows[0].pid;

  beforeEach(async () => {
    const database = testDatabase();
    proxy = await TcpProxy.start(database);
    client = knexFactory({
      client: 'pg',
      connection: {
        ...database,
        host: '127.0.0.1',
        port: proxy.port,
        // For a connection that is just being made when the others die
        connectionTimeoutMillis: 500,
      },
      acquireConnectionTimeout: 4000,
      pool: { min: 0, max: 2 },
      log: { warn() {}, error() {} },
    });
    const monitor: DatabaseMonitor = {
      status: { state: 'available' },
      isReachable: async () => true,
      onChange() {},
      onFailure(listener) {
        fail = listener;
      },
    };
    dropDeadConnections({ client, monitor, queryLimitMs: 800 });
    await Promise.all([answer(), answer()]);
  });

  afterEach(async () => {
    await proxy.cut();
    await client.destroy();
  });

  it('should end a connection that does not answer', async () => {
    proxy.abandon();
    const results = await Promise.allSettled([answer(), answer()]);
    expect(results.map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
    ]);
    expect((results[0] as PromiseRejectedResult).reason.message).toContain(
      'Connection terminated: no answer in 0.8 s',
    );
    expect(await answer()).toBe(42);
  });

  it('should replace all connections once the database did not answer', async () => {
    proxy.abandon();
    fail(new Error('no answer'));
    const startedAt = performance.now();
    expect(await Promise.all([answer(), answer()])).toEqual([42, 42]);
    expect(performance.now() - startedAt).toBeLessThan(700);
  });

  it('should let a transaction finish on the connection that it has', async () => {
    const first = await backends();
    await client.transaction(async tx => {
      await tx.raw('select 1');
      fail(new Error('a slow moment'));
      expect((await tx.raw('select 2 as two')).rows[0].two).toBe(2);
    });
    expect(await backends()).not.toBe(first);
  });

  it('should leave healthy connections alone', async () => {
    const first = await backends();
    expect(await answer()).toBe(42);
    await expect(client.raw('select nonsense')).rejects.toThrow('nonsense');
    expect(await backends()).toBe(first);
  });
});
