/* eslint-disable no-script-url -- that is what must not be linked to */
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  createMockDirectory,
  mockCredentials,
  mockErrorHandler,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { stringifyEntityRef } from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { overviewResponseSchema } from '@waystone/plugin-catalog-overview-common';
import express from 'express';
import type { Knex } from 'knex';
import request from 'supertest';
import { StacksReader } from '../problems/StacksReader';
import { createVisibleEntities } from '../testUtils/createVisibleEntities';
import { createOverviewRouter } from './createOverviewRouter';
import { safeAddress } from './entityLinks';
import { OverviewReader } from './OverviewReader';

jest.setTimeout(60_000);

/** What each relation is called from the other side. */
const OPPOSITE: Record<string, string> = {
  dependsOn: 'dependencyOf',
  consumesApi: 'apiConsumedBy',
  providesApi: 'apiProvidedBy',
  ownedBy: 'ownerOf',
  partOf: 'hasPart',
  memberOf: 'hasMember',
};

const orders: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'orders',
    annotations: {
      'backstage.io/techdocs-ref': 'dir:.',
      'backstage.io/managed-by-location':
        'url:https://git.example/orders/catalog-info.yaml',
      'waystone.dev/runbook': '/docs/default/component/orders/runbook',
      'waystone.dev/stack': 'java@17.0.2',
      'waystone.dev/tier': '1',
    },
    links: [
      { url: 'https://portal.example/docs/runbook', title: 'Runbook' },
      { url: 'https://graphs.example/orders' },
      { url: 'javascript:alert(1)', title: 'Dashboard' },
    ],
  },
  spec: { type: 'service', lifecycle: 'production' },
};

const team: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: {
    name: 'orders-team',
    annotations: { 'waystone.dev/on-call': 'https://oncall.example/orders' },
    links: [
      { url: 'javascript:alert(1)', title: 'Chat', icon: 'chat' },
      { url: 'https://chat.example/orders', title: 'Chat: #orders' },
    ],
  },
  spec: { type: 'team', profile: { displayName: 'Orders' }, children: [] },
};

const others = {
  'component:default/shop': { kind: 'Component', 'spec.type': 'website' },
  'component:default/payments': {
    kind: 'Component',
    'spec.type': 'service',
    'metadata.annotations.waystone.dev/tier': '2',
    'metadata.title': '<img src=x onerror=alert(1)>',
  },
  'api:default/orders-api': { kind: 'API', 'spec.type': 'openapi' },
  'system:default/ordering': { kind: 'System', 'metadata.title': 'Ordering' },
  'group:default/payments-team': {
    kind: 'Group',
    'spec.profile.displayname': 'Payments',
  },
  'user:default/maya': {
    kind: 'User',
    'spec.profile.displayname': 'Maya Okafor',
    'spec.profile.picture': 'https://pictures.example/maya.png',
  },
};

const path = '/waystone/overview/component/default/orders';

describe('overview', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  const folder = createMockDirectory({
    content: {
      'stacks.yaml': `stacks:
        - name: java
          title: Java
          replacement: java@21
          versions:
            - { version: '1', state: end-of-life }
            - { version: '17', state: deprecated, date: 2027-09-30 }`,
    },
  });
  let knex: Knex;

  const relate = async (source: string, type: string, target: string) => {
    await knex('relations').insert([
      {
        originating_entity_id: source,
        source_entity_ref: source,
        type,
        target_entity_ref: target,
      },
      {
        originating_entity_id: source,
        source_entity_ref: target,
        type: OPPOSITE[type],
        target_entity_ref: source,
      },
    ]);
  };

  const add = async (ref: string, keys: Record<string, string>) => {
    await knex('refresh_state').insert({
      entity_id: ref,
      entity_ref: ref,
      unprocessed_entity: '{}',
      processed_entity: '{}',
      errors: '[{"name":"InputError","message":"bad"}]',
      next_update_at: '2026-01-02T03:04:05Z',
      last_discovery_at: knex.fn.now(),
    });
    await knex('final_entities').insert({
      entity_id: ref,
      entity_ref: ref,
      hash: ref,
      final_entity: '{}',
      last_updated_at: '2026-01-01T00:00:00Z',
    });
    await knex('search').insert(
      Object.entries({
        'metadata.name': ref.slice(ref.indexOf('/') + 1),
        ...keys,
      }).map(([key, value]) => ({
        entity_id: ref,
        key,
        value: value.toLocaleLowerCase('en-US'),
        original_value: value,
      })),
    );
  };

  /** shop consumes orders-api of orders; orders needs payments, inventory that is gone, and is part of ordering. */
  beforeEach(async () => {
    knex = await databases.init('POSTGRES_18');
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@backstage/plugin-catalog-backend',
        'migrations',
      ),
    });
    await add('component:default/orders', { kind: 'Component' });
    await add('group:default/orders-team', {
      kind: 'Group',
      'spec.profile.displayname': 'Orders',
    });
    for (const [ref, keys] of Object.entries(others)) {
      await add(ref, keys);
    }
    const self = 'component:default/orders';
    await relate(self, 'ownedBy', 'group:default/orders-team');
    await relate(self, 'partOf', 'system:default/ordering');
    await relate(self, 'dependsOn', 'component:default/payments');
    await relate(self, 'dependsOn', 'component:default/inventory');
    await relate(self, 'providesApi', 'api:default/orders-api');
    await relate(
      'component:default/payments',
      'partOf',
      'system:default/ordering',
    );
    await relate(
      'component:default/payments',
      'ownedBy',
      'group:default/payments-team',
    );
    await relate(
      'component:default/shop',
      'consumesApi',
      'api:default/orders-api',
    );
    await relate('user:default/maya', 'memberOf', 'group:default/orders-team');
  });

  const start = (
    options: {
      seen?: readonly string[];
      visible?: Entity[];
      ownerships?: string[];
    } = {},
  ) => {
    const app = express();
    app.use(
      createOverviewRouter({
        httpAuth: mockServices.httpAuth(),
        overview: OverviewReader.create({
          auth: mockServices.auth(),
          database: mockServices.database({ knex }),
          stacks: StacksReader.fromConfig(
            mockServices.rootConfig({
              data: {
                waystone: {
                  catalog: { stacks: folder.resolve('stacks.yaml') },
                },
              },
            }),
            { logger: mockServices.logger.mock() },
          ),
          catalog: catalogServiceMock({
            entities: options.visible ?? [orders, team],
          }),
          userInfo: mockServices.userInfo({
            ownershipEntityRefs: options.ownerships ?? [],
          }),
          visible: createVisibleEntities(options.seen),
        }),
      }),
    );
    app.use(mockErrorHandler());
    return request(app);
  };

  const read = async (options: Parameters<typeof start>[0] = {}) => {
    const response = await start(options).get(path);
    expect(response.status).toBe(200);
    return overviewResponseSchema.strict().parse(response.body);
  };

  it('tells all that the page shows, and marks what is missing', async () => {
    expect(await read()).toEqual({
      entityRef: 'component:default/orders',
      owner: {
        entityRef: 'group:default/orders-team',
        title: 'Orders',
        kind: 'Group',
        exists: true,
        members: {
          items: [
            {
              entityRef: 'user:default/maya',
              title: 'Maya Okafor',
              picture: 'https://pictures.example/maya.png',
            },
          ],
          total: 1,
        },
      },
      // The links of 'javascript:' are none
      chat: { url: 'https://chat.example/orders', title: 'Chat: #orders' },
      onCall: 'https://oncall.example/orders',
      stack: {
        title: 'Java',
        version: '17.0.2',
        state: 'deprecated',
        date: '2027-09-30',
        replacement: 'java@21',
      },
      runbook: '/docs/default/component/orders/runbook',
      docs: '/docs/default/component/orders',
      links: [
        {
          url: 'https://graphs.example/orders',
          title: 'https://graphs.example/orders',
        },
      ],
      system: {
        entity: {
          entityRef: 'system:default/ordering',
          title: 'Ordering',
          kind: 'System',
          exists: true,
        },
        otherParts: {
          items: [
            expect.objectContaining({
              entityRef: 'component:default/payments',
            }),
          ],
          total: 1,
        },
      },
      parts: { items: [], total: 0 },
      dependencies: {
        items: [
          {
            entityRef: 'component:default/inventory',
            title: 'inventory',
            kind: 'component',
            exists: false,
          },
          {
            entityRef: 'component:default/payments',
            // As it is: whoever shows it, shows it as text
            title: '<img src=x onerror=alert(1)>',
            kind: 'Component',
            type: 'service',
            tier: '2',
            owner: {
              entityRef: 'group:default/payments-team',
              title: 'Payments',
            },
            exists: true,
          },
        ],
        total: 2,
      },
      dependents: {
        items: [
          {
            entityRef: 'component:default/shop',
            title: 'shop',
            kind: 'Component',
            type: 'website',
            via: 'api:default/orders-api',
            exists: true,
          },
        ],
        total: 1,
      },
      providesApis: {
        items: [
          expect.objectContaining({ entityRef: 'api:default/orders-api' }),
        ],
        total: 1,
      },
      consumesApis: { items: [], total: 0 },
      providers: { items: [], total: 0 },
      consumers: { items: [], total: 0 },
      impact: { total: 2, truncated: false },
      entry: {
        changedAt: '2026-01-01T00:00:00.000Z',
        refreshAt: '2026-01-02T03:04:05.000Z',
        location: 'url:https://git.example/orders/catalog-info.yaml',
        sourceUrl: 'https://git.example/orders/catalog-info.yaml',
        orphan: false,
      },
    });
  });

  it('tells the owner, and nobody else, that its processing failed', async () => {
    const { entry } = await read({ ownerships: ['group:default/orders-team'] });
    expect(entry.errors).toBe(1);
    expect((await read({ ownerships: ['group:default/x'] })).entry.errors).toBe(
      undefined,
    );
  });

  it('cuts long lists and counts them', async () => {
    await knex('relations').insert(
      Array.from({ length: 25 }, (_, n) => ({
        originating_entity_id: 'component:default/orders',
        source_entity_ref: 'component:default/orders',
        type: 'dependencyOf',
        target_entity_ref: `component:default/user-${n}`,
      })),
    );
    const { dependents, impact } = await read();
    expect(dependents.items).toHaveLength(20);
    expect(dependents.total).toBe(26);
    expect(impact.total).toBe(27);
  });

  it('shows nobody what she may not see, and still what is missing', async () => {
    const onlySees = (...visible: Entity[]) => ({
      visible,
      seen: visible.map(entity => stringifyEntityRef(entity)),
    });
    const some = await read(onlySees(orders));
    expect(some.owner).toBe(undefined);
    expect(some.system).toBe(undefined);
    expect(some.chat).toBe(undefined);
    expect(some.dependencies).toMatchObject({
      items: [{ entityRef: 'component:default/inventory', exists: false }],
      total: 1,
    });
    expect(some.dependents.total).toBe(0);
    expect(some.impact.total).toBe(0);

    const payments: Entity = {
      ...orders,
      metadata: { name: 'payments' },
    };
    const more = await read(onlySees(orders, payments));
    // Its owner may not be seen
    expect(more.dependencies.items[1]).toMatchObject({ tier: '2' });
    expect(more.dependencies.items[1].owner).toBe(undefined);

    const shop: Entity = { ...orders, metadata: { name: 'shop' } };
    const users = await read(onlySees(orders, shop));
    // The API by which it depends may not be seen
    expect(users.dependents).toMatchObject({
      items: [{ entityRef: 'component:default/shop' }],
    });
    expect(users.dependents.items[0].via).toBe(undefined);

    const none = await read({ seen: [] });
    expect(none.dependents.total).toBe(0);
    const hidden = await start({ visible: [], seen: [] }).get(path);
    expect(hidden.status).toBe(404);
  });

  it('refuses strangers and unknown names', async () => {
    const stranger = await start()
      .get(path)
      .set('Authorization', mockCredentials.none.header());
    expect(stranger.status).toBe(401);
    for (const name of ["x'; drop table relations; --", '<b>', '..%2F..']) {
      const response = await start().get(
        `/waystone/overview/component/default/${encodeURIComponent(name)}`,
      );
      expect(response.status).toBe(404);
    }
  });
});

describe('safeAddress', () => {
  it.each([
    ['https://chat.example/a', 'https://chat.example/a'],
    [' /docs/default ', '/docs/default'],
    ['//evil.example', undefined],
    ['/\\evil.example', undefined],
    ['javascript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['https://', undefined],
    ['', undefined],
  ])('takes %j for %j', (value, address) => {
    expect(safeAddress(value)).toBe(address);
  });
});
