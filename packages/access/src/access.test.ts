import {
  coreServices,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  createPermission,
} from '@backstage/plugin-permission-common';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import express from 'express';
import PromiseRouter from 'express-promise-router';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { denialsServiceRef, PermissionDeniedError, requirePermission } from '.';
import { Repetitions } from './Repetitions';

const readAll = createPermission({
  name: 'shop.order.read',
  attributes: { action: 'read' },
});
const change = createPermission({
  name: 'shop.order.change',
  attributes: { action: 'update' },
  resourceType: 'catalog-entity',
});
const orders = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'orders', namespace: 'default' },
  relations: [
    { type: 'ownedBy', targetRef: 'group:default/orders' },
    { type: 'partOf', targetRef: 'system:default/shop' },
  ],
};

const shop = createBackendPlugin({
  pluginId: 'shop',
  register(env) {
    env.registerInit({
      deps: {
        denials: denialsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        permissions: coreServices.permissions,
      },
      async init({ denials, httpAuth, httpRouter, permissions }) {
        const router = PromiseRouter();
        router.get('/orders', async req => {
          await requirePermission(
            permissions,
            readAll,
            await httpAuth.credentials(req),
          );
        });
        router.put('/orders/:name', async req => {
          await requirePermission(
            permissions,
            {
              permission: change,
              resourceRef: `component:default/${req.params.name}`,
            },
            await httpAuth.credentials(req),
          );
        });
        router.delete('/orders/:name', async req => {
          throw new PermissionDeniedError(
            { name: 'shop.order.delete' },
            { resource: `component:default/${req.params.name}` },
          );
        });
        router.get('/broken', async () => {
          throw new Error('Something else');
        });
        router.get('/hidden', async (req, res) => {
          await denials.note(
            { permission: readAll.name, resource: 'component:default/orders' },
            await httpAuth.credentials(req),
          );
          const error = await denials.complete(
            new PermissionDeniedError(readAll),
            await httpAuth.credentials(req),
          );
          res.json(error.message);
        });
        httpRouter.use(router);
        httpRouter.use(denials.middleware);
      },
    });
  },
});

describe('a refusal', () => {
  /** The policy's explanation, as the permission plugin gives it. */
  const explain = jest.fn<string[] | undefined, [string]>();
  const endings = jest.fn();
  const auditor = mockServices.auditor.mock({
    createEvent: async options => ({
      success: async () => {},
      fail: async ({ error }: { error?: Error }) =>
        endings(options, error?.message),
    }),
  });
  const permission = express().get(
    '/api/permission/waystone/explain',
    (req, res) => {
      const askWhom = explain(String(req.query.permission));
      if (askWhom) {
        res.json({ askWhom, role: 'member' });
      } else {
        res.status(404).json({});
      }
    },
  );
  let listening: ReturnType<typeof permission.listen>;
  let server: Parameters<typeof request>[0];

  beforeAll(async () => {
    listening = permission.listen(0);
    const { port } = listening.address() as AddressInfo;
    const started = await startTestBackend({
      features: [
        shop,
        auditor.factory,
        mockServices.discovery.mock({
          getBaseUrl: async id => `http://127.0.0.1:${port}/api/${id}`,
        }).factory,
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(() => ({ result: AuthorizeResult.DENY })),
        }).factory,
        createServiceFactory({
          service: catalogServiceRef,
          deps: {},
          factory: () => catalogServiceMock({ entities: [orders] }),
        }),
      ],
    });
    server = started.server;
  });
  afterAll(() => listening.close());
  beforeEach(() => {
    explain.mockReset().mockReturnValue(['group:default/platform']);
    endings.mockReset();
  });

  const as = (person: string) =>
    mockCredentials.user.header(`user:default/${person}`);

  it('should say which permission is missing and whom to ask', async () => {
    const { body, status } = await request(server)
      .get('/api/shop/orders')
      .set('authorization', as('ada'));
    expect(status).toBe(403);
    expect(body).toEqual({
      error: {
        name: 'NotAllowedError',
        message: 'You lack the permission shop.order.read',
        permission: 'shop.order.read',
        askWhom: ['group:default/platform'],
      },
      request: { method: 'GET', url: '/orders' },
      response: { statusCode: 403 },
    });
  });

  it('should name the owners of what it is about first', async () => {
    const { body } = await request(server)
      .put('/api/shop/orders/orders')
      .set('authorization', as('ada'));
    expect(body.error).toEqual({
      name: 'NotAllowedError',
      message:
        'You lack the permission shop.order.change for component:default/orders',
      permission: 'shop.order.change',
      resource: 'component:default/orders',
      askWhom: ['group:default/orders', 'group:default/platform'],
    });
  });

  it('should be a refusal all the same where nobody knows whom to ask', async () => {
    explain.mockReturnValue(undefined);
    const { body, status } = await request(server)
      .delete('/api/shop/orders/unknown')
      .set('authorization', as('ada'));
    expect(status).toBe(403);
    expect(body.error.askWhom).toEqual([]);
  });

  it('should be noted once for a page that asks thirty times', async () => {
    await Promise.all(
      Array.from({ length: 30 }, () =>
        request(server).get('/api/shop/orders').set('authorization', as('bob')),
      ),
    );
    await request(server)
      .get('/api/shop/orders')
      .set('authorization', as('cleo'));
    expect(endings.mock.calls).toEqual(
      ['bob', 'cleo'].map(person => [
        expect.objectContaining({
          eventId: 'permission-denied',
          severityLevel: 'medium',
          actor: `user:default/${person}`,
          meta: { permission: 'shop.order.read' },
        }),
        'You lack the permission shop.order.read',
      ]),
    );
  });

  it('should leave other errors alone', async () => {
    const { body, status } = await request(server)
      .get('/api/shop/broken')
      .set('authorization', as('ada'));
    expect(status).toBe(500);
    expect(body.error).not.toHaveProperty('askWhom');
    expect(endings).not.toHaveBeenCalled();
  });

  it('should be noted when it is hidden, and told in words outside routes', async () => {
    const { body } = await request(server)
      .get('/api/shop/hidden')
      .set('authorization', as('dora'));
    expect(body).toBe(
      'You lack the permission shop.order.read. Ask group:default/platform',
    );
    expect(endings).toHaveBeenCalledTimes(1);
    expect(endings.mock.calls[0][0]).toMatchObject({
      actor: 'user:default/dora',
      meta: {
        permission: 'shop.order.read',
        resource: 'component:default/orders',
      },
    });
  });
});

describe('Repetitions', () => {
  it('should tell again after a while, with how often it happened meanwhile', () => {
    let now = 0;
    const repetitions = new Repetitions({ now: () => now });
    expect(repetitions.note('a')).toBe(0);
    expect(repetitions.note('a')).toBeUndefined();
    expect(repetitions.note('b')).toBe(0);
    now = 9 * 60_000;
    expect(repetitions.note('a')).toBeUndefined();
    now = 10 * 60_000;
    expect(repetitions.note('a')).toBe(2);
    expect(repetitions.note('a')).toBeUndefined();
  });
});
