import {
  createBackendModule,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  driftResponseSchema,
  historyResponseSchema,
  serviceResponseSchema,
  servicesResponseSchema,
} from '@waystone/plugin-delivery-common';
import { deliverySourcesExtensionPoint } from '@waystone/plugin-delivery-node';
import request from 'supertest';
import { mockDeployment, MockDeliverySource } from './__testUtils__/mocks';
import { deliveryPlugin } from './plugin';

const entities = ['orders', 'payments'].map(name => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name,
    namespace: 'default',
    annotations: { 'backstage.io/kubernetes-id': name },
  },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/shop' }],
  spec: { type: 'service', lifecycle: 'production', owner: 'shop' },
}));

const base = '/api/delivery/services';

jest.setTimeout(60_000);

describe('delivery backend', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

  const start = async (
    options: {
      readonly decision?: AuthorizeResult.ALLOW | AuthorizeResult.DENY;
      /** What the catalog lets the caller see, if that depends on the entity. */
      readonly visible?: readonly string[];
      readonly entities?: readonly (typeof entities)[number][];
    } = {},
  ) => {
    const source = new MockDeliverySource();
    source.set(
      ...['orders', 'payments'].map(name =>
        mockDeployment({
          name,
          labels: { 'backstage.io/kubernetes-id': name },
          images: [`r.example/${name}:1.0.0`],
          past: [
            {
              startedAt: '2026-01-02T03:04:05.000Z',
              outcome: 'succeeded',
              revision: 'c1',
            },
          ],
        }),
      ),
    );
    const knex = await databases.init('POSTGRES_18');
    const events = mockServices.events();
    const catalog = catalogServiceMock({ entities });
    if (options.entities) {
      jest.spyOn(catalog, 'queryEntities').mockImplementation(async () => ({
        items: [...options.entities!],
        totalItems: 0,
        pageInfo: {},
      }));
    }
    if (options.visible) {
      jest
        .spyOn(catalog, 'getEntitiesByRefs')
        .mockImplementation(async ({ entityRefs }) => ({
          items: entityRefs.map(ref =>
            options.visible!.includes(ref) ? entities[0] : undefined,
          ),
        }));
    }
    const { server } = await startTestBackend({
      features: [
        deliveryPlugin,
        createBackendModule({
          pluginId: 'delivery',
          moduleId: 'test',
          register(env) {
            env.registerInit({
              deps: { sources: deliverySourcesExtensionPoint },
              async init({ sources }) {
                sources.addSource(source);
              },
            });
          },
        }),
        createServiceFactory({
          service: catalogServiceRef,
          deps: {},
          factory: () => catalog,
        }),
        createServiceFactory({
          service: eventsServiceRef,
          deps: {},
          factory: () => events,
        }),
        mockServices.database.factory({ knex }),
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(() => ({
              result: options.decision ?? AuthorizeResult.ALLOW,
            })),
          authorizeConditional: async () => [
            options.visible
              ? {
                  result: AuthorizeResult.CONDITIONAL,
                  pluginId: 'catalog',
                  resourceType: 'catalog-entity',
                  conditions: {
                    rule: 'IS_ENTITY_OWNER',
                    resourceType: 'catalog-entity',
                    params: {},
                  },
                }
              : { result: options.decision ?? AuthorizeResult.ALLOW },
          ],
        }).factory,
        mockServices.rootConfig.factory({
          data: {
            waystone: {
              environments: [{ name: 'development', cluster: 'nonprod' }],
            },
          },
        }),
      ],
    });
    const get = (path: string, credentials = mockCredentials.user.header()) =>
      request(server).get(path).set('Authorization', credentials);
    const tell = () =>
      events.publish({
        topic: 'waystone.catalog.entities',
        eventPayload: {
          changes: [
            { entityRef: 'component:default/payments', action: 'deleted' },
          ],
        },
      });
    return { get, source, tell };
  };

  const filled = async (get: Awaited<ReturnType<typeof start>>['get']) => {
    for (;;) {
      const response = await get(base);
      if (response.body.totalItems !== 0) {
        return response;
      }
      await new Promise(resolve => {
        setTimeout(resolve, 20);
      });
    }
  };

  it('answers as its contract says', async () => {
    const { get, source } = await start();
    const services = servicesResponseSchema.parse((await filled(get)).body);
    expect(services).toMatchObject({
      totalItems: 2,
      environments: [{ name: 'development', title: 'Development' }],
      freshness: [{ source: 'argocd/main', stale: false }],
      items: [
        {
          entityRef: 'component:default/orders',
          owner: 'group:default/shop',
          deployments: [{ environment: 'development', version: '1.0.0' }],
        },
        { entityRef: 'component:default/payments' },
      ],
    });

    const one = await get(`${base}/default/Component/Orders`);
    expect(serviceResponseSchema.parse(one.body).service.title).toBe('orders');

    const history = await get(`${base}/default/component/orders/history`);
    expect(historyResponseSchema.parse(history.body).items).toBeInstanceOf(
      Array,
    );

    source.drifted = [
      {
        kind: 'Deployment',
        name: 'orders',
        change: 'changed',
        fields: [{ path: 'spec.replicas', masked: false, live: '3' }],
        moreFields: 0,
      },
    ];
    const drift = await get(
      `${base}/default/component/orders/environments/development/diff`,
    );
    expect(driftResponseSchema.parse(drift.body)).toMatchObject({
      totalItems: 1,
      freshness: { source: 'argocd/main' },
    });
  });

  it('knows of an entity as soon as the catalog tells of it', async () => {
    const known = [...entities];
    const { get, tell } = await start({ entities: known });
    await filled(get);
    known.pop();
    await tell();
    for (;;) {
      const { body } = await get(base);
      if (body.totalItems === 1) {
        break;
      }
      await new Promise(resolve => {
        setTimeout(resolve, 50);
      });
    }
    expect((await get(`${base}/default/component/payments`)).status).toBe(404);
  });

  it('describes itself', async () => {
    const { get } = await start();
    const { body } = await get('/api/delivery/openapi.json');
    expect(Object.keys(body.paths)).toHaveLength(9);
    expect(
      body.paths['/services'].get.parameters.map(
        ({ name }: { name: string }) => name,
      ),
    ).toContain('environment');
  });

  it('answers nobody who is not signed in, and nobody without the permission', async () => {
    const { get } = await start({ decision: AuthorizeResult.DENY });
    for (const path of [
      base,
      `${base}/default/component/orders`,
      `${base}/default/component/orders/history`,
      `${base}/default/component/orders/environments/development/diff`,
    ]) {
      expect((await get(path, mockCredentials.none.header())).status).toBe(401);
      const denied = await get(path);
      expect(denied.status).toBe(403);
      expect(denied.body.error.message).toContain('delivery.service.read');
    }
  });

  it('says no more of what one may not see than of what is not there', async () => {
    const { get } = await start({ visible: [] });
    const list = await get(base);
    expect(list.body).toMatchObject({ items: [], totalItems: 0 });
    const hidden = await get(`${base}/default/component/orders`);
    const missing = await get(`${base}/default/component/nothing`);
    expect(hidden.status).toBe(404);
    expect(missing.status).toBe(404);
    expect(hidden.body.error.message.replace('orders', 'nothing')).toBe(
      missing.body.error.message,
    );
  });

  it('refuses bad queries and names the field', async () => {
    const { get } = await start();
    await filled(get);
    const bad = await get(`${base}?state=red`);
    expect(bad.status).toBe(400);
    expect(bad.body.error.message).toMatch(/^Invalid query: state/);
    const cursor = await get(
      `${base}/default/component/orders/history?cursor=x`,
    );
    expect(cursor.status).toBe(400);
    const nowhere = await get(
      `${base}/default/component/orders/environments/mars/diff`,
    );
    expect(nowhere.status).toBe(404);
  });
});
