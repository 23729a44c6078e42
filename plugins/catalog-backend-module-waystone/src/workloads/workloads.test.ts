import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { readEnvironments } from '@waystone/environments';
import type {
  ArgoCdService,
  KubernetesObject,
  KubernetesService,
  WatchedCacheOptions,
} from '@waystone/integrations';
import { unregisteredResponseSchema } from '@waystone/plugin-catalog-overview-common';
import express from 'express';
import type { Knex } from 'knex';
import request from 'supertest';
import { applyWaystoneMigrations } from '../database/applyWaystoneMigrations';
import { ProblemsReader } from '../problems/ProblemsReader';
import { FakeForge } from '../testUtils/FakeForge';
import { createWorkloadsRouter } from './createWorkloadsRouter';
import { Registrations } from './Registrations';
import { UnregisteredReader } from './UnregisteredReader';
import { WorkloadCaches } from './WorkloadCaches';
import { WorkloadProposer } from './WorkloadProposer';

jest.setTimeout(60_000);

const ORDERS = 'group:default/orders';

function deployment(
  namespace: string,
  name: string,
  labels: Record<string, string> = {},
  more: object = {},
): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace,
      labels,
      annotations: {
        'argocd.argoproj.io/tracking-id': `${name}-staging:apps/Deployment:${namespace}/${name}`,
      },
      creationTimestamp: '2026-11-01T10:00:00Z',
      ...more,
    },
    spec: {
      template: { spec: { containers: [{ image: 'registry.example/x:1' }] } },
    },
  } as KubernetesObject;
}

describe('unregistered workloads', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  const addLocation = jest.fn();
  const audit = { success: jest.fn(), fail: jest.fn() };
  let knex: Knex;
  let forge: FakeForge;
  let objects: KubernetesObject[];

  const entity = async (ref: string, fields: Record<string, string> = {}) => {
    await knex('refresh_state').insert({
      entity_id: ref,
      entity_ref: ref,
      unprocessed_entity: '{}',
      errors: '[]',
      next_update_at: knex.fn.now(),
      last_discovery_at: knex.fn.now(),
    });
    await knex('final_entities').insert({
      entity_id: ref,
      entity_ref: ref,
      hash: ref,
      final_entity: '{}',
    });
    await knex('search').insert(
      Object.entries({
        'metadata.name': ref.slice(ref.indexOf('/') + 1),
        ...fields,
      }).map(([key, value]) => ({
        entity_id: ref,
        key,
        value,
        original_value: value,
      })),
    );
  };

  beforeEach(async () => {
    jest.clearAllMocks();
    knex = await databases.init('POSTGRES_18');
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@backstage/plugin-catalog-backend',
        'migrations',
      ),
    });
    await applyWaystoneMigrations(knex);
    await entity('system:default/ordering');
    await knex('relations').insert({
      originating_entity_id: 'system:default/ordering',
      source_entity_ref: 'system:default/ordering',
      type: 'ownedBy',
      target_entity_ref: ORDERS,
    });
    forge = new FakeForge({ 'README.md': '# shop' });
    objects = [
      deployment('ordering-staging', 'shop', {
        'backstage.io/kubernetes-id': 'shop',
      }),
    ];
  });

  const start = (
    options: {
      everybody?: boolean;
      owns?: string[];
      mayFix?: boolean;
      down?: boolean;
    } = {},
  ) => {
    const database = mockServices.database({ knex });
    const allow = (allowed: boolean) =>
      mockServices.permissions({
        result: allowed ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
      });
    const userInfo = mockServices.userInfo({
      userEntityRef: 'user:default/maya',
      ownershipEntityRefs: options.owns ?? [ORDERS],
    });
    const caches = new WorkloadCaches({
      environments: readEnvironments(
        new ConfigReader({
          waystone: {
            environments: [
              { name: 'staging', cluster: 'nonprod' },
              { name: 'production', cluster: 'prod' },
            ],
          },
        }),
      ),
      // Of the services, only what the code under test asks.
      kubernetes: {
        cache: ({ kind, transform }: WatchedCacheOptions) => ({
          whenSynced: async () => {},
          release: async () => {},
          errors: options.down ? [{ cluster: 'prod' }] : [],
          *[Symbol.iterator]() {
            for (const object of kind.kind === 'Deployment' ? objects : []) {
              const kept = transform!(object);
              if (kept) {
                yield { cluster: 'nonprod', object: kept };
              }
            }
          },
        }),
      } as unknown as KubernetesService,
      argoCd: {
        clients: [{ instance: 'main' }],
        applications: () => ({
          whenSynced: async () => {},
          *[Symbol.iterator]() {
            yield {
              metadata: { name: 'shop-staging' },
              spec: {
                source: { repoURL: 'https://git.example/fernway/shop.git' },
              },
            };
          },
        }),
      } as unknown as ArgoCdService,
    });
    const unregistered = new UnregisteredReader({
      caches,
      database,
      forges: forge.service,
      logger: mockServices.logger.mock(),
      problems: ProblemsReader.create({
        database,
        permissions: allow(options.everybody ?? false),
        userInfo,
      }),
    });
    const auditor = mockServices.auditor.mock();
    auditor.createEvent.mockResolvedValue(audit);
    const app = express();
    app.use(
      createWorkloadsRouter({
        auditor,
        httpAuth: mockServices.httpAuth(),
        unregistered,
        proposer: new WorkloadProposer({
          catalog: catalogServiceMock(),
          database,
          permissions: allow(options.mayFix ?? true),
          unregistered,
          userInfo,
        }),
      }),
    );
    app.use(mockErrorHandler());
    return request(app);
  };
  const list = async (options: Parameters<typeof start>[0] = {}) => {
    const response = await start(options).get('/waystone/unregistered');
    expect(response.status).toBe(200);
    return unregisteredResponseSchema.parse(response.body);
  };
  const propose = (id: string, options: Parameters<typeof start>[0] = {}) =>
    start(options).post('/waystone/unregistered/pull-request').send({ id });
  const ask = (
    path: string,
    query: object,
    options: Parameters<typeof start>[0] = {},
  ) => start(options).get(`/waystone/unregistered/${path}`).query(query);
  const SHOP = 'nonprod/ordering-staging/Deployment/shop';

  it('lists what no entity stands for, with a file and the repository of Argo CD', async () => {
    const { items } = await list();
    expect(items).toEqual([
      expect.objectContaining({
        id: SHOP,
        environment: 'staging',
        system: 'ordering',
        since: '2026-11-01T10:00:00Z',
        proposal: {
          possible: true,
          repository: 'fernway/shop',
          path: 'catalog-info.yaml',
          branch: 'main',
        },
      }),
    ]);
    expect(items[0].file).toContain('backstage.io/kubernetes-id: shop');
    expect(items[0].file).toContain(`owner: ${ORDERS}`);
    expect(items[0].file).toContain('lifecycle: experimental');
  });

  it('leaves out what is registered, by its id, its name or a selector, and what belongs to others', async () => {
    await entity('component:default/shop');
    await entity('component:default/web', {
      'metadata.annotations.backstage.io/kubernetes-id': 'front',
    });
    await entity('component:default/jobs', {
      'metadata.annotations.backstage.io/kubernetes-label-selector':
        'app=jobs,tier==back',
    });
    objects = [
      deployment('ordering-staging', 'shop'),
      deployment('ordering-staging', 'web-1', {
        'backstage.io/kubernetes-id': 'front',
      }),
      deployment('ordering-staging', 'jobs-1', { app: 'jobs', tier: 'back' }),
      deployment('kube-system', 'coredns'),
      deployment('ordering-staging', 'made', {}, { ownerReferences: [{}] }),
      deployment('ordering-staging', 'jobs-2', { app: 'jobs', tier: 'front' }),
    ];
    expect((await list()).items.map(({ name }) => name)).toEqual(['jobs-2']);
  });

  it('is for the owners of the system, and for those who see all', async () => {
    expect((await list({ owns: ['group:default/other'] })).items).toEqual([]);
    expect((await propose(SHOP, { owns: [] })).status).toBe(404);
    expect((await list({ owns: [], everybody: true })).items).toHaveLength(1);
    expect((await propose(SHOP, { mayFix: false })).status).toBe(403);
    const stranger = await start()
      .get('/waystone/unregistered')
      .set('Authorization', mockCredentials.none.header());
    expect(stranger.status).toBe(401);
    expect((await propose('')).status).toBe(400);
    expect(forge.pulls).toEqual([]);
  });

  it('says which clusters do not answer', async () => {
    expect((await list({ down: true })).unknown).toEqual(['prod']);
  });

  it('says why there can be no pull request', async () => {
    forge.push(
      { 'catalog-info.yaml': 'kind: Component' },
      '2026-11-02T09:00:00Z',
    );
    const { items } = await list();
    expect(items[0].proposal).toMatchObject({
      possible: false,
      reason: expect.stringContaining('has a catalog-info.yaml already'),
    });
    expect((await propose(SHOP)).status).toBe(400);
  });

  it('has the repository chosen where Argo CD names none', async () => {
    const CRON = 'nonprod/ordering-staging/Deployment/cron';
    const repository = 'https://git.example/fernway/shop';
    objects.push(
      deployment('ordering-staging', 'cron', {}, { annotations: {} }),
    );
    // Repositories are offered of accounts that entities come from
    expect((await ask('repositories', { id: CRON })).body).toEqual({
      items: [],
    });
    expect((await ask('placed', { id: CRON, repository })).status).toBe(400);
    await entity('component:default/known', {
      'metadata.annotations.backstage.io/managed-by-location':
        FakeForge.keyOf('known.yaml'),
    });
    const [cron, shop] = (await list()).items;
    expect(cron).toMatchObject({ id: CRON, isRepositoryOpen: true });
    expect(shop.isRepositoryOpen).toBe(undefined);
    expect(cron.proposal.possible).toBe(false);
    expect((await ask('repositories', { id: CRON, q: 'sho' })).body).toEqual({
      items: [
        {
          url: repository,
          name: 'fernway/shop',
          description: 'Sells things.',
        },
      ],
    });
    const { body: placed } = await ask('placed', { id: CRON, repository });
    expect(placed.file).toContain('description: Sells things.');
    expect(placed.proposal).toMatchObject({ possible: true, branch: 'main' });
    expect(placed).not.toHaveProperty('home');

    const open = (body: object, options: Parameters<typeof start>[0] = {}) =>
      start(options).post('/waystone/unregistered/pull-request').send(body);
    expect((await open({ id: CRON })).status).toBe(400);
    expect((await open({ id: SHOP, repository })).status).toBe(400);
    const elsewhere = 'https://git.example/other/shop';
    expect((await open({ id: CRON, repository: elsewhere })).status).toBe(400);
    const file = { id: CRON, repository: 'file:///etc/passwd' };
    expect((await open(file)).status).toBe(400);
    const asked = { id: CRON, repository };
    for (const options of [{ mayFix: false }, { owns: [] }]) {
      const status = options.owns ? 404 : 403;
      expect((await open(asked, options)).status).toBe(status);
      expect((await ask('placed', asked, options)).status).toBe(status);
      expect((await ask('repositories', asked, options)).status).toBe(status);
    }
    expect(forge.pulls).toEqual([]);
    expect((await open(asked)).status).toBe(201);
    expect(forge.commits[0].changes).toEqual([
      { path: 'catalog-info.yaml', content: placed.file },
    ]);
  });

  it('opens one pull request, and registers the file once it is merged', async () => {
    const registrations = new Registrations({
      auth: mockServices.auth(),
      catalog: { ...catalogServiceMock(), addLocation } as never,
      database: mockServices.database({ knex }),
      forges: forge.service,
      logger: mockServices.logger.mock(),
    });
    const first = await propose(SHOP);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ number: 1, created: true });
    expect(forge.commits[0].changes).toEqual([
      {
        path: 'catalog-info.yaml',
        content: expect.stringContaining('name: shop'),
      },
    ]);
    expect((await propose(SHOP)).body).toMatchObject({
      number: 1,
      created: false,
    });
    expect((await list()).items[0].pullRequest).toMatchObject({ number: 1 });
    expect(audit.success).toHaveBeenCalledTimes(2);

    await registrations.run();
    expect(addLocation).not.toHaveBeenCalled();
    forge.pulls[0] = { ...forge.pulls[0], state: 'merged' };
    await registrations.run();
    await registrations.run();
    expect(addLocation).toHaveBeenCalledTimes(1);
    expect(addLocation).toHaveBeenCalledWith(
      {
        type: 'url',
        target: `${FakeForge.keyOf('catalog-info.yaml').slice('url:'.length)}`,
      },
      expect.anything(),
    );
  });

  it('proposes the file again when it is gone after the merge', async () => {
    await propose(SHOP);
    forge.pulls[0] = { ...forge.pulls[0], state: 'merged' };
    expect((await propose(SHOP)).body).toMatchObject({
      number: 2,
      created: true,
    });
    expect((await propose(SHOP)).body).toMatchObject({
      number: 2,
      created: false,
    });
  });

  it('forgets a pull request that was closed', async () => {
    await propose(SHOP);
    forge.pulls[0] = { ...forge.pulls[0], state: 'closed' };
    await new Registrations({
      auth: mockServices.auth(),
      catalog: { ...catalogServiceMock(), addLocation } as never,
      database: mockServices.database({ knex }),
      forges: forge.service,
      logger: mockServices.logger.mock(),
    }).run();
    expect(addLocation).not.toHaveBeenCalled();
    expect(await knex('waystone_registrations')).toEqual([]);
  });
});
