import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { parseEntityRef } from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  deletedEntitiesResponseSchema,
  historyResponseSchema,
} from '@waystone/plugin-catalog-overview-common';
import type { ForgeCommit, ForgeService } from '@waystone/integrations';
import { ConfigReader } from '@backstage/config';
import express from 'express';
import type { Knex } from 'knex';
import request from 'supertest';
import { ChangeQueue } from '../changes/ChangeQueue';
import { registerChangeConsumers } from '../changes/registerChangeConsumers';
import { applyWaystoneMigrations } from '../database/applyWaystoneMigrations';
import { createHistoryRouter } from './createHistoryRouter';
import { diffEntities } from './diffEntities';
import { HistoryCommits } from './HistoryCommits';
import { HistoryReader } from './HistoryReader';
import { HistoryRecorder } from './HistoryRecorder';
import { HistoryRetention } from './HistoryRetention';
import { readHistoryConfig } from './readHistoryConfig';

jest.setTimeout(60_000);

const SHOP = 'component:default/shop';
const FILE = 'https://git.example/acme/shop/src/branch/main/catalog-info.yaml';

const shop = (changes: Record<string, unknown> = {}, uid = 'shop-1'): Entity =>
  ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      uid,
      etag: 'x',
      name: 'shop',
      namespace: 'default',
      annotations: { 'backstage.io/managed-by-location': `url:${FILE}` },
    },
    spec: { type: 'service', lifecycle: 'experimental', ...changes },
    relations: [],
  } as Entity);

describe('diffEntities', () => {
  it('tells fields, entries of lists and nothing that is computed', () => {
    const before = shop({
      owner: 'orders',
      dependsOn: ['resource:db', 'component:mail'],
    });
    const after: Entity = {
      ...shop({
        owner: 'payments',
        lifecycle: 'production',
        dependsOn: ['component:mail', 'resource:queue'],
      }),
      relations: [{ type: 'ownedBy', targetRef: 'group:default/payments' }],
    };
    after.metadata.etag = 'y';
    after.metadata.links = [{ url: 'https://a.example', title: 'A' }];
    expect(diffEntities(before, after)).toEqual({
      changes: [
        {
          field: 'spec.dependsOn',
          action: 'removed',
          entry: true,
          before: 'resource:db',
        },
        {
          field: 'spec.dependsOn',
          action: 'added',
          entry: true,
          after: 'resource:queue',
        },
        {
          field: 'spec.lifecycle',
          action: 'changed',
          before: 'experimental',
          after: 'production',
        },
        {
          field: 'spec.owner',
          action: 'changed',
          before: 'orders',
          after: 'payments',
        },
        {
          field: 'metadata.links',
          action: 'added',
          entry: true,
          after: 'url: https://a.example, title: A',
        },
      ],
      more: 0,
      fields: [
        'spec.dependsOn',
        'spec.lifecycle',
        'spec.owner',
        'metadata.links',
      ],
      technical: false,
    });
  });

  it('marks what only the catalog noted', () => {
    const after = shop();
    after.metadata.annotations = {
      'backstage.io/managed-by-location': 'url:https://elsewhere.example',
    };
    expect(diffEntities(shop(), after).technical).toBe(true);
    expect(diffEntities(shop(), shop())).toMatchObject({
      changes: [],
      technical: false,
    });
  });

  it('keeps the lines that differ of a definition of 5 MB, and a number of 10,000 tags', () => {
    const lines = Array.from(
      { length: 100_000 },
      (_, n) => `line ${n} ${'x'.repeat(40)}`,
    );
    const definition = lines.join('\n');
    const other = definition.replace('line 50000 ', 'line fifty thousand ');
    const [change] = diffEntities(
      shop({ definition }),
      shop({ definition: other }),
    ).changes;
    expect(change).toMatchObject({
      field: 'spec.definition',
      line: 50_001,
      before: expect.stringMatching(/^line 50000 x+$/),
      after: expect.stringMatching(/^line fifty thousand x+$/),
    });
    const all = diffEntities(shop({ definition }), shop({ definition: 'y' }));
    expect(all.changes[0]).toMatchObject({ cut: true, after: 'y' });
    expect(JSON.stringify(all).length).toBeLessThan(3000);

    const tagged = shop();
    tagged.metadata.tags = Array.from({ length: 10_000 }, (_, n) => `t${n}`);
    const tags = diffEntities(shop(), tagged);
    expect(tags.changes).toHaveLength(100);
    expect(tags.more).toBe(9900);
  });
});

describe('readHistoryConfig', () => {
  const read = (history: object) =>
    readHistoryConfig(
      new ConfigReader({ waystone: { catalog: { history } } } as never),
    );

  it('keeps a year unless told', () => {
    expect(read({})).toEqual({
      keepMilliseconds: 365 * 24 * 3600 * 1000,
      mostChanges: 2000,
    });
    expect(read({ keepFor: { days: 2 } }).keepMilliseconds).toBe(
      2 * 24 * 3600 * 1000,
    );
    expect(() => read({ keepFor: { hours: 1 } })).toThrow(/a day or more/);
    expect(() => read({ maxChangesPerEntity: 0.5 })).toThrow(/whole number/);
  });
});

describe('history', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  const recorder = new HistoryRecorder();
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

  let version = 0;
  const write = async (entity: Entity) => {
    const id = entity.metadata.uid!;
    await knex('refresh_state')
      .insert({
        entity_id: id,
        entity_ref: SHOP,
        unprocessed_entity: '{}',
        errors: '[]',
        next_update_at: knex.fn.now(),
        last_discovery_at: knex.fn.now(),
      })
      .onConflict('entity_ref')
      .ignore();
    version += 1;
    await knex('final_entities')
      .insert({
        entity_id: id,
        entity_ref: SHOP,
        final_entity: JSON.stringify(entity),
        hash: `${version}`,
        last_updated_at: knex.fn.now(),
      })
      .onConflict('entity_id')
      .merge();
  };
  const remove = () =>
    knex('refresh_state').where({ entity_ref: SHOP }).delete();
  const record = async () => {
    await registerChangeConsumers({ knex, consumers: [recorder] });
    const queue = new ChangeQueue(knex);
    while ((await queue.deliver(recorder, () => {})).outcome !== 'empty');
  };

  const start = (options: { visible?: Entity; deleted?: boolean } = {}) => {
    const app = express();
    app.use(
      createHistoryRouter({
        httpAuth: mockServices.httpAuth(),
        history: HistoryReader.create({
          catalog: catalogServiceMock({
            entities: options.visible ? [options.visible] : [],
          }),
          database: mockServices.database({ knex }),
          permissions: mockServices.permissions({
            result: options.deleted
              ? AuthorizeResult.ALLOW
              : AuthorizeResult.DENY,
          }),
        }),
      }),
    );
    app.use(mockErrorHandler());
    return request(app);
  };
  const read = async (
    query = '',
    options: Parameters<typeof start>[0] = { visible: shop() },
  ) => {
    const response = await start(options).get(
      `/waystone/history/component/default/shop${query}`,
    );
    expect(response.status).toBe(200);
    return historyResponseSchema.strict().parse(response.body);
  };

  it('tells from its beginning on what changed, and finds it again by field and number', async () => {
    await write(shop());
    await record();
    await write(shop({ lifecycle: 'production' }));
    await write({
      ...shop({ lifecycle: 'production' }),
      relations: [{ type: 'dependencyOf', targetRef: 'component:default/x' }],
    });
    const moved = shop({ lifecycle: 'production' });
    moved.metadata.annotations = {};
    await write(moved);
    await write({ ...moved, spec: { ...moved.spec, owner: 'orders' } });
    await record();

    const all = await read();
    expect(all.exists).toBe(true);
    expect(all.technical).toBe(1);
    expect(
      all.items.map(({ action, changes }) => [
        action,
        ...changes.map(c => c.field),
      ]),
    ).toEqual([
      ['changed', 'spec.owner'],
      ['changed', 'spec.lifecycle'],
      ['existing'],
    ]);
    expect(all.items[1].sourceUrl).toBe(FILE);
    expect((await read('?technical=true')).totalItems).toBe(4);

    const one = await read('?field=spec.lifecycle');
    expect(one.totalItems).toBe(1);
    expect(one.fields).toContainEqual({ field: 'spec.owner', count: 1 });
    const { id } = one.items[0];
    expect((await read(`?change=${id}`)).items).toEqual(one.items);

    const first = await read('?limit=2');
    const rest = await read(`?limit=2&cursor=${first.pageInfo.nextCursor}`);
    expect([...first.items, ...rest.items]).toEqual(all.items);
    expect(rest.pageInfo).toEqual({});
  });

  it('shows what is gone, and what had the name before, to the platform team only', async () => {
    await record();
    await write(shop({ codename: 'secret-plan' }));
    await remove();
    await record();
    const gone = await start().get('/waystone/history/component/default/shop');
    expect(gone.status).toBe(404);
    const other = await start({ deleted: true }).get(
      '/waystone/history/component/default/never-there',
    );
    expect(other.status).toBe(404);
    const platform = await read('', { deleted: true });
    expect(platform.exists).toBe(false);
    expect(platform.items.map(({ action }) => action)).toEqual([
      'deleted',
      'created',
    ]);
    const list = async (options: Parameters<typeof start>[0]) =>
      deletedEntitiesResponseSchema
        .parse((await start(options).get('/waystone/history?q=shop')).body)
        .items.map(({ entityRef }) => entityRef);
    expect(await list({ deleted: true })).toEqual([SHOP]);
    expect(await list({})).toEqual([]);

    await write(shop({}, 'shop-2'));
    await record();
    const successor = await read('', { visible: shop({}, 'shop-2') });
    expect(successor.items).toHaveLength(1);
    expect(JSON.stringify(successor)).not.toContain('secret-plan');
    expect(await list({ deleted: true })).toEqual([]);
    // There, and not to be seen by the caller
    const hidden = await start({ deleted: true }).get(
      '/waystone/history/component/default/shop',
    );
    expect(hidden.status).toBe(404);
  });

  it('refuses strangers, bad queries and strange names', async () => {
    const stranger = await start()
      .get('/waystone/history/component/default/shop')
      .set('Authorization', mockCredentials.none.header());
    expect(stranger.status).toBe(401);
    for (const query of [
      'limit=0',
      'cursor=x',
      'change=-1',
      'technical=maybe',
    ]) {
      const bad = await start({ visible: shop() }).get(
        `/waystone/history/component/default/shop?${query}`,
      );
      expect(bad.status).toBe(400);
    }
    const strange = await start({ deleted: true }).get(
      `/waystone/history/component/default/${encodeURIComponent(
        "x'; drop table waystone_history; --",
      )}`,
    );
    expect(strange.status).toBe(404);
    expect(
      (
        await read(`?field=${encodeURIComponent("a' or true --")}`, {
          visible: shop(),
          deleted: true,
        }).catch(() => undefined)
      )?.totalItems ?? 0,
    ).toBe(0);
  });

  it('names the commit once, and goes on without a forge that fails', async () => {
    await record();
    await write(shop());
    await record();
    const commit = (sha: string, at: Date): ForgeCommit => ({
      sha,
      message: 'change',
      author: { name: 'Maya', email: 'maya@example' },
      authoredAt: at.toISOString(),
      committedAt: at.toISOString(),
      parents: [],
      url: `https://git.example/acme/shop/commit/${sha}`,
    });
    let commits: ForgeCommit[] | undefined;
    const forges = {
      forges: [
        {
          system: 'gitea',
          parseUrl: (url: string) =>
            url === FILE ? { owner: 'acme', name: 'shop' } : undefined,
          findRepository: async () => ({ defaultBranch: 'main' }),
          listCommits: async (_: unknown, options: { path: string }) => {
            if (!commits || options.path !== 'catalog-info.yaml') {
              throw new Error('503');
            }
            return commits;
          },
        },
      ],
    } as unknown as ForgeService;
    const find = () =>
      new HistoryCommits({
        knex,
        forges,
        logger: mockServices.logger.mock(),
      }).find();
    await find();
    expect((await read()).items[0].commit).toBe(undefined);
    const now = Date.now();
    commits = [
      commit('later', new Date(now + 3_600_000)),
      commit('first', new Date(now - 3_600_000 * 48)),
    ];
    await find();
    expect((await read()).items[0].commit).toEqual({
      sha: 'first',
      at: commits[1].committedAt,
      author: 'Maya',
      url: 'https://git.example/acme/shop/commit/first',
    });

    // Not made in the file: no new commit
    await write(shop({ lifecycle: 'production' }));
    await record();
    await find();
    expect((await read()).items[0].commit).toBe(undefined);
    commits = [commit('second', new Date(now)), ...commits];
    await write(shop({ lifecycle: 'deprecated' }));
    await record();
    await find();
    expect((await read()).items[0].commit?.sha).toBe('second');
    expect(
      await knex('waystone_history').whereNotNull('commit_attempts').count(),
    ).toEqual([{ count: '0' }]);
  });

  it('gives up on a forge that always fails', async () => {
    await record();
    await write(shop());
    await record();
    const commits = new HistoryCommits({
      knex,
      logger: mockServices.logger.mock(),
      forges: {
        forges: [
          {
            system: 'gitea',
            parseUrl: () => ({ owner: 'acme', name: 'shop' }),
            findRepository: async () => {
              throw new Error('down');
            },
          },
        ],
      } as unknown as ForgeService,
    });
    const wanted = () =>
      knex('waystone_history').whereNotNull('commit_attempts').count();
    await knex('waystone_history').insert({
      entity_id: 'old',
      entity_ref: 'component:default/old',
      action: 'created',
      changed_at: new Date(Date.now() - 7_200_000),
      technical: false,
      fields: [],
      changes: '[]',
      more: 0,
      location: `url:${FILE}`,
      commit_attempts: 0,
    });
    // Nobody waits any more for what is two hours old
    expect(await wanted()).toEqual([{ count: '2' }]);
    await commits.find();
    expect(await wanted()).toEqual([{ count: '1' }]);
    for (let n = 1; n < 5; n += 1) {
      expect(
        await knex('waystone_history').whereNotNull('commit_attempts').count(),
      ).toEqual([{ count: '1' }]);
      await commits.find();
    }
    expect(
      await knex('waystone_history').whereNotNull('commit_attempts').count(),
    ).toEqual([{ count: '0' }]);
  });

  it('forgets what is too old and what is too much', async () => {
    await record();
    for (const lifecycle of ['a', 'b', 'c', 'd']) {
      await write(shop({ lifecycle }));
    }
    await record();
    await knex('waystone_history')
      .whereRaw('id = (select min(id) from waystone_history)')
      .update({ changed_at: '2020-01-01' });
    const retention = new HistoryRetention({
      knex,
      keepMilliseconds: 86_400_000,
      mostChanges: 2,
    });
    expect(await retention.apply()).toBe(2);
    expect((await read()).items.map(({ changes }) => changes[0].after)).toEqual(
      ['d', 'c'],
    );
    expect(parseEntityRef((await read()).entityRef).name).toBe('shop');
  });
});
