import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import { readEnvironments } from '@waystone/environments';
import { FakeCluster } from '../__testUtils__/FakeCluster';
import {
  vulnerabilityReport,
  weakness,
  workload,
} from '../__testUtils__/objects';
import { DueDates } from '../model/DueDates';
import { GovernanceModel } from '../model/GovernanceModel';
import { DailyRecord } from './DailyRecord';
import { FirstSeenStore } from './FirstSeenStore';
import { TrendStore } from './TrendStore';

jest.setTimeout(60_000);

describe('history', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

  const migrated = async () => {
    const knex = await databases.init('POSTGRES_18');
    const directory = resolvePackagePath(
      '@waystone/plugin-governance-backend',
      'migrations',
    );
    await knex.migrate.latest({ directory });
    return { knex, directory };
  };

  it('goes back as it came', async () => {
    const { directory, knex } = await migrated();
    await knex.migrate.rollback({ directory }, true);
    expect(await knex.schema.hasTable('governance_trend')).toBe(false);
  });

  it('remembers when something was found first, also after a restart', async () => {
    const { knex } = await migrated();
    const first = FirstSeenStore.create({ knex });
    const since = first.get('violation', 'prod/a', 'x');
    expect(first.get('violation', 'prod/a', 'x')).toBe(since);
    const long = 'é'.repeat(2_000);
    first.get('vulnerability', long, long);
    await first.flush();
    await first.flush();

    const second = FirstSeenStore.create({ knex });
    await second.load();
    expect(second.get('violation', 'prod/a', 'x')).toBe(since);

    // Seen today by another replica, a week ago by nobody since
    await knex('governance_first_seen').update({
      last_seen: knex.raw("current_date - interval '8 days'"),
    });
    await second.settle([
      { type: 'violation', subject: 'prod/a', finding: 'x' },
    ]);
    expect(
      await knex('governance_first_seen').select('type', 'finding'),
    ).toEqual([{ type: 'violation', finding: 'x' }]);
  });

  it('keeps what could not be written for the next time', async () => {
    const { knex } = await migrated();
    const store = FirstSeenStore.create({ knex });
    await knex.schema.renameTable('governance_first_seen', 'elsewhere');
    store.get('violation', 'a', 'x');
    await expect(store.flush()).rejects.toThrow();
    await knex.schema.renameTable('elsewhere', 'governance_first_seen');
    await store.flush();
    expect(await knex('governance_first_seen')).toHaveLength(1);
  });

  it('writes a day once, and only what is all known', async () => {
    const { knex } = await migrated();
    const firstSeen = FirstSeenStore.create({ knex });
    const trend = TrendStore.create({ knex });
    const cluster = new FakeCluster().set(
      ...workload('orders', { labels: { owner: 'shop' } }),
      vulnerabilityReport('orders-abc', [
        weakness('CVE-1'),
        weakness('CVE-2', { severity: 'CRITICAL' }),
      ]),
    );
    const model = new GovernanceModel({
      clients: [cluster.client],
      environments: readEnvironments(new ConfigReader({})),
      firstSeen,
      logger: mockServices.logger.mock(),
    });
    const daily = new DailyRecord({
      due: new DueDates({}),
      firstSeen,
      model,
      trend,
    });
    expect(await daily.write()).toBe(false);
    await model.start();
    expect(await daily.write()).toBe(true);
    cluster.set(vulnerabilityReport('orders-abc', [weakness('CVE-1')]));
    expect(await daily.write()).toBe(true);

    const read = (more = {}) =>
      trend.read({ type: 'vulnerability', days: 7, ...more });
    expect(await read()).toEqual([
      {
        day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        severities: { critical: 0, high: 1, medium: 0, low: 0, unknown: 0 },
        overdue: 0,
      },
    ]);
    expect(await read({ owner: 'group:default/shop' })).toHaveLength(1);
    expect(await read({ owner: 'group:default/other' })).toEqual([]);
    expect(await read({ subjects: ['component:default/orders'] })).toEqual([]);
    await model.stop();
  });
});
