import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type { ImpactResponse } from '@waystone/plugin-catalog-overview-common';
import express from 'express';
import type { Knex } from 'knex';
import request from 'supertest';
import { createVisibleEntities } from '../testUtils/createVisibleEntities';
import { createImpactRouter } from './createImpactRouter';
import { walkImpact } from './ImpactGraph';
import { ImpactReader } from './ImpactReader';

jest.setTimeout(60_000);

/** What each relation is called from the other side. */
const OPPOSITE: Record<string, string> = {
  dependsOn: 'dependencyOf',
  consumesApi: 'apiConsumedBy',
  providesApi: 'apiProvidedBy',
  ownedBy: 'ownerOf',
  partOf: 'hasPart',
};

function createEntity(ref: string, spec: object = {}): Entity {
  const [kind, name] = ref.split(':default/');
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name, namespace: 'default' },
    spec: { type: 'service', lifecycle: 'production', ...spec },
  };
}

describe('impact', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
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

  const add = async (...refs: string[]) => {
    for (const ref of refs) {
      const entity = createEntity(ref);
      await knex('refresh_state').insert({
        entity_id: ref,
        entity_ref: ref,
        unprocessed_entity: '{}',
        processed_entity: '{}',
        errors: '[]',
        next_update_at: knex.fn.now(),
        last_discovery_at: knex.fn.now(),
      });
      await knex('final_entities').insert({
        entity_id: ref,
        entity_ref: ref,
        hash: ref,
        final_entity: JSON.stringify({
          ...entity,
          metadata: {
            ...entity.metadata,
            annotations: { 'waystone.dev/tier': '1' },
          },
          relations: [{ type: 'ownedBy', targetRef: 'group:default/orders' }],
        }),
      });
    }
  };

  beforeEach(async () => {
    knex = await databases.init('POSTGRES_18');
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@backstage/plugin-catalog-backend',
        'migrations',
      ),
    });
  });

  /** shop → orders → inventory → database, payments ↔ orders, shop consumes orders-api of orders. */
  const fill = async () => {
    await add(
      'component:default/shop',
      'component:default/orders',
      'component:default/payments',
      'component:default/inventory',
      'api:default/orders-api',
      'resource:default/database',
    );
    await relate(
      'component:default/orders',
      'dependsOn',
      'component:default/inventory',
    );
    await relate(
      'component:default/inventory',
      'dependsOn',
      'resource:default/database',
    );
    await relate(
      'component:default/orders',
      'dependsOn',
      'component:default/payments',
    );
    await relate(
      'component:default/payments',
      'dependsOn',
      'component:default/orders',
    );
    await relate(
      'component:default/orders',
      'providesApi',
      'api:default/orders-api',
    );
    await relate(
      'component:default/shop',
      'consumesApi',
      'api:default/orders-api',
    );
    await relate(
      'component:default/orders',
      'ownedBy',
      'group:default/orders-team',
    );
    await relate(
      'component:default/inventory',
      'dependsOn',
      'component:default/gone',
    );
  };

  const start = (
    options: { seen?: readonly string[]; visible?: string[] } = {},
  ) => {
    const entities = (
      options.visible ?? [
        'component:default/inventory',
        'component:default/orders',
      ]
    ).map(ref => createEntity(ref));
    const app = express();
    app.use(
      createImpactRouter({
        httpAuth: mockServices.httpAuth(),
        impact: ImpactReader.create({
          database: mockServices.database({ knex }),
          catalog: catalogServiceMock({ entities }),
          visible: createVisibleEntities(options.seen),
        }),
      }),
    );
    app.use(mockErrorHandler());
    return request(app);
  };

  const path = '/waystone/impact/component/default/inventory';

  it('follows dependencies and APIs to all that breaks, once each, the nearest first', async () => {
    await fill();
    const response = await start().get(path);
    const body: ImpactResponse = response.body;
    expect(
      body.items.map(({ entityRef, depth, via }) => [entityRef, depth, via]),
    ).toEqual([
      ['component:default/orders', 1, 'component:default/inventory'],
      ['api:default/orders-api', 2, 'component:default/orders'],
      ['component:default/payments', 2, 'component:default/orders'],
      ['component:default/shop', 3, 'api:default/orders-api'],
    ]);
    expect(body.items[0]).toMatchObject({
      title: 'orders',
      type: 'service',
      tier: '1',
      owner: 'group:default/orders',
      exists: true,
    });
    expect(body.summary).toEqual({
      total: 4,
      owners: [
        { count: 3 },
        { entityRef: 'group:default/orders-team', count: 1 },
      ],
      kinds: [
        { kind: 'component', count: 3 },
        { kind: 'api', count: 1 },
      ],
      depths: [
        { depth: 1, count: 1 },
        { depth: 2, count: 2 },
        { depth: 3, count: 1 },
      ],
      cyclic: false,
      truncated: false,
    });
  });

  it('counts and finds what several own under each of them', async () => {
    await fill();
    for (const team of ['shop-team', 'web-team']) {
      await relate(
        'component:default/shop',
        'ownedBy',
        `group:default/${team}`,
      );
    }
    const { body } = await start().get(`${path}?owner=group:default/web-team`);
    expect(
      body.items.map((item: { entityRef: string }) => item.entityRef),
    ).toEqual(['component:default/shop']);
    expect(body.summary.owners).toEqual(
      expect.arrayContaining(
        ['orders-team', 'shop-team', 'web-team'].map(team => ({
          entityRef: `group:default/${team}`,
          count: 1,
        })),
      ),
    );
  });

  it('goes the other way, marks what the catalog does not have, and says when it leads back', async () => {
    await fill();
    const needs = await start().get(`${path}?direction=dependencies`);
    expect(
      needs.body.items.map((item: { entityRef: string; exists: boolean }) => [
        item.entityRef,
        item.exists,
      ]),
    ).toEqual([
      ['component:default/gone', false],
      ['resource:default/database', true],
    ]);
    const cycle = await start().get(
      '/waystone/impact/component/default/orders',
    );
    expect(cycle.body.summary.cyclic).toBe(true);
  });

  it('filters, pages and exports', async () => {
    await fill();
    const mine = await start().get(`${path}?owner=Group:Default/Orders-Team`);
    expect(mine.body).toMatchObject({
      totalItems: 1,
      summary: { total: 4 },
    });
    const first = await start().get(`${path}?kind=Component&limit=2`);
    expect(first.body.pageInfo).toEqual({ nextCursor: '2' });
    const second = await start().get(`${path}?kind=component&limit=2&cursor=2`);
    expect(second.body.items).toHaveLength(1);
    expect(second.body.pageInfo).toEqual({});
    const csv = await start().get(`${path}?q=shop`).set('Accept', 'text/csv');
    expect(csv.headers['content-disposition']).toBe(
      'attachment; filename="dependents-of-inventory.csv"',
    );
    expect(csv.text).toBe(
      'entityRef,title,kind,type,lifecycle,tier,owner,system,depth,via\r\ncomponent:default/shop,shop,component,service,production,1,group:default/orders,,3,api:default/orders-api\r\n',
    );
  });

  it('shows nobody what she may not see', async () => {
    await fill();
    const denied = await start({ seen: [] }).get(path);
    expect(denied.body.summary.total).toBe(0);
    const some = await start({
      seen: ['component:default/inventory', 'component:default/shop'],
    }).get(path);
    expect(
      some.body.items.map((item: { entityRef: string }) => item.entityRef),
    ).toEqual(['component:default/shop']);
    const hidden = await start({ visible: [] }).get(path);
    expect(hidden.status).toBe(404);
  });

  it('refuses bad input and strangers', async () => {
    const bad = await start().get(`${path}?direction=sideways`);
    expect(bad.status).toBe(400);
    expect(bad.body.error.message).toContain("'direction'");
    expect((await start().get(`${path}?limit=9999`)).status).toBe(400);
    const stranger = await start()
      .get(path)
      .set('Authorization', mockCredentials.none.header());
    expect(stranger.status).toBe(401);
  });

  it('ends in cycles and at its limit', async () => {
    await add(...[...'abcde'].map(name => `component:default/${name}`));
    for (const [source, target] of ['ab', 'bc', 'ca', 'cd', 'de', 'ec']) {
      await relate(
        `component:default/${source}`,
        'dependsOn',
        `component:default/${target}`,
      );
    }
    const walk = (mostNodes?: number) =>
      walkImpact({
        knex,
        entityRef: 'component:default/a',
        direction: 'dependencies',
        mostNodes,
      });
    const all = await walk();
    expect(all.nodes.map(node => node.entityRef.at(-1))).toEqual([...'bcde']);
    expect(all.cyclic).toBe(true);
    expect(await walk(2)).toMatchObject({
      truncated: true,
      nodes: { length: 2 },
    });
  });
});
