import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { ClusterServer } from '../__testUtils__/ClusterServer';
import { createTestStore, newRow } from '../__testUtils__/createTestStore';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const supported = databases.supports('POSTGRES_18') ? describe : describe.skip;

jest.setTimeout(120_000);

/** Without a chance to end its work. */
const kill = async (child: ChildProcess) => {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
};

supported('requests in spite of faults', () => {
  let store: DatabaseRequestStore;
  let knex: Knex;
  let cluster: ClusterServer;
  let processes: ChildProcess[];

  beforeEach(async () => {
    ({ knex, store } = await createTestStore(databases));
    cluster = new ClusterServer();
    await cluster.start();
    processes = [];
  });

  afterEach(async () => {
    await Promise.all(processes.map(kill));
    await cluster.stop();
  });

  /** A replica of the backend's worker. */
  const startProcess = async () => {
    const child = fork(require.resolve('../__testUtils__/workerProcess.ts'), {
      execArgv: [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      ],
      env: {
        HOME: process.env.HOME,
        PATH: process.env.PATH,
        NODE_ENV: 'development',
        CLUSTER_URL: cluster.url,
        DATABASE_URL: urlOf(knex),
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    processes.push(child);
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => {
        throw new Error('The worker did not start');
      }),
    ]);
    return child;
  };
  const accept = async (count: number) => {
    for (let index = 0; index < count; index += 1) {
      await store.insert(newRow({ name: `db-${index}` }), []);
    }
  };
  const until = async (isReached: () => Promise<boolean> | boolean) => {
    while (!(await isReached())) {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  };
  const countOf = async (status: string) => {
    const [{ count }] = await knex('requests').where({ status }).count();
    return Number(count);
  };
  /** Each request has become ready once, and there is one object for each. */
  const expectReadyOnce = async (count: number) => {
    await until(async () => (await countOf('ready')) === count);
    expect(cluster.objects.size).toBe(count);
    const labels = [...cluster.objects.values()].map(
      ({ metadata }) => metadata.labels['waystone.dev/request'],
    );
    expect(new Set(labels).size).toBe(count);
    const events = await knex('request_events')
      .where({ to_status: 'ready' })
      .groupBy('request_id')
      .select('request_id')
      .count({ times: '*' });
    expect(events).toHaveLength(count);
    expect(events.every(({ times }) => Number(times) === 1)).toBe(true);
  };

  it('goes on after kill -9 between accepting and applying', async () => {
    await accept(1);
    // The cluster gets the call and is not done with it when its caller dies.
    let isAsked = false;
    cluster.onApply = async () => {
      isAsked = true;
      await new Promise(() => {});
    };
    const first = await startProcess();
    await until(() => isAsked);
    await kill(first);
    expect(cluster.objects.size).toBe(0);
    cluster.onApply = async () => {};
    await startProcess();
    await expectReadyOnce(1);
  });

  it('goes on after kill -9 between applying and being ready', async () => {
    cluster.readyAtOnce = false;
    await accept(3);
    const first = await startProcess();
    await until(() => cluster.objects.size === 3);
    await kill(first);
    expect(await countOf('ready')).toBe(0);
    cluster.makeReady();
    await startProcess();
    await expectReadyOnce(3);
  });

  it('waits for a cluster that is down, and loses nothing', async () => {
    await cluster.stop();
    await accept(10);
    await startProcess();
    await until(async () => {
      const [{ count }] = await knex('requests')
        .where('attempts', '>', 0)
        .count();
      return Number(count) === 10;
    });
    expect(await countOf('provisioning')).toBe(10);
    await cluster.start();
    await expectReadyOnce(10);
  });

  it('goes on after the database has cut everybody off', async () => {
    let applied = 0;
    cluster.onApply = async () => {
      applied += 1;
      if (applied === 5) {
        await knex.raw(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        );
      }
    };
    await accept(20);
    await startProcess();
    await expectReadyOnce(20);
    expect(applied).toBeGreaterThanOrEqual(20);
  });

  it('does nothing twice with two replicas', async () => {
    const both = Promise.all([startProcess(), startProcess()]);
    await accept(200);
    await both;
    await expectReadyOnce(200);
    expect([...cluster.applied.values()].every(times => times === 1)).toBe(
      true,
    );
  });
});

function urlOf(knex: Knex): string {
  const { connection } = knex.client.config;
  if (typeof connection === 'string') {
    return connection;
  }
  const { connectionString, database, host, password, port, user } = connection;
  const url = new URL(
    connectionString ?? `postgresql://${host}:${port ?? 5432}/`,
  );
  if (user) {
    url.username = user;
  }
  if (password) {
    url.password = password;
  }
  if (database) {
    url.pathname = `/${database}`;
  }
  return url.href;
}
