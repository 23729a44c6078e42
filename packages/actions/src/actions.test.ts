import {
  actionsRegistryServiceFactory,
  actionsServiceFactory,
} from '@backstage/backend-defaults/alpha';
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import mcpActionsPlugin from '@backstage/plugin-mcp-actions-backend';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import PromiseRouter from 'express-promise-router';
import waystoneActions from '.';

jest.setTimeout(60_000);

const orders = {
  entityRef: 'component:default/orders',
  title: 'orders',
  owner: 'group:default/shop',
  state: 'critical',
  deployments: [
    {
      id: '1',
      environment: 'production',
      name: 'orders',
      state: 'critical',
      reason: 'It crashes.',
      sync: 'synced',
      health: 'degraded',
      version: '1.0.0',
      images: [],
      drifted: 0,
      behind: true,
      deployedBy: { name: 'maya', automated: false },
      source: 'argocd/main',
    },
  ],
};

/** Plugins whose routes answer as the real ones do, and note who asked. */
function mockPlugins(askers: string[]) {
  const create = (
    pluginId: string,
    answer: (url: URL, user: string) => unknown,
  ) =>
    createBackendPlugin({
      pluginId,
      register(env) {
        env.registerInit({
          deps: {
            httpAuth: coreServices.httpAuth,
            httpRouter: coreServices.httpRouter,
          },
          async init({ httpAuth, httpRouter }) {
            const router = PromiseRouter();
            router.use(async (req, res, next) => {
              if (req.path.startsWith('/.backstage')) {
                next();
                return;
              }
              const credentials = await httpAuth.credentials(req, {
                allow: ['user'],
              });
              askers.push(credentials.principal.userEntityRef);
              res.json(
                answer(
                  new URL(req.url, 'http://plugin'),
                  credentials.principal.userEntityRef,
                ),
              );
            });
            httpRouter.use(router);
          },
        });
      },
    });
  return [
    create('delivery', ({ pathname, searchParams }, user) => {
      if (user === 'user:default/stranger') {
        throw new NotAllowedError(
          'You lack the permission delivery.service.read',
        );
      }
      if (pathname === '/services') {
        return {
          items: searchParams.get('q') === 'none' ? [] : [orders],
          totalItems: 1,
          pageInfo: {},
          environments: [],
          summary: {
            states: {
              healthy: 0,
              progressing: 0,
              attention: 0,
              critical: 1,
              unknown: 0,
            },
            drifted: 0,
            behind: 0,
          },
          facets: { owners: [], systems: [] },
          freshness: [],
        };
      }
      if (
        pathname ===
        '/services/default/component/orders/environments/production/explanation'
      ) {
        return {
          deployment: 'orders',
          explanation: {
            cause: 'crash-loop',
            summary: "'orders' crashes soon after its start.",
            nextStep: 'Read the log.',
            evidence: [
              {
                kind: 'log',
                object: { kind: 'Pod', name: 'orders-1' },
                lines: ['Exception: no currency'],
              },
            ],
          },
          others: [],
          gaps: [],
          freshness: [],
        };
      }
      if (pathname !== '/services/default/component/orders') {
        throw new NotFoundError(`Nothing is known of ${pathname}`);
      }
      return {
        service: orders,
        environments: [],
        freshness: [{ source: 'argocd/main', stale: false }],
      };
    }),
    create('catalog', ({ pathname, searchParams }) =>
      pathname.startsWith('/waystone/impact/')
        ? {
            items: [
              {
                entityRef: 'component:default/web',
                title: 'web',
                kind: 'component',
                depth: 1,
                via: pathname,
                exists: true,
                owner: searchParams.get('direction'),
              },
            ],
            totalItems: 1,
            pageInfo: {},
            summary: {
              total: 1,
              owners: [{ entityRef: 'group:default/shop', count: 1 }],
              kinds: [],
              depths: [],
              cyclic: false,
              truncated: false,
            },
          }
        : {
            items: [
              {
                entityRef: 'component:default/orders',
                id: 'tier-missing',
                severity: 'warning',
                message: 'It has no tier',
                owners: ['group:default/shop'],
              },
            ],
            totalItems: 1,
            pageInfo: {},
            summary: {
              errors: 0,
              warnings: 1,
              kinds: [],
              owners: [],
              everybody: false,
            },
          },
    ),
  ];
}

describe('the actions, through the MCP endpoint', () => {
  let url: URL;
  const askers: string[] = [];
  const auditor = mockServices.auditor.mock({
    createEvent: async () => ({
      success: async () => {},
      fail: async () => {},
    }),
  });

  beforeAll(async () => {
    const { server } = await startTestBackend({
      features: [
        mcpActionsPlugin,
        waystoneActions,
        ...mockPlugins(askers),
        actionsRegistryServiceFactory,
        actionsServiceFactory,
        auditor.factory,
        mockServices.rootConfig.factory({
          data: {
            backend: { actions: { pluginSources: ['catalog', 'delivery'] } },
          },
        }),
      ],
    });
    url = new URL(`http://localhost:${server.port()}/api/mcp-actions/v1`);
  });
  beforeEach(() => {
    askers.length = 0;
    jest.clearAllMocks();
  });

  const connect = async (authorization: string | undefined) => {
    const client = new Client({ name: 'tests', version: '1' });
    await client.connect(
      new StreamableHTTPClientTransport(url, {
        requestInit: { headers: { ...(authorization && { authorization }) } },
      }),
    );
    return client;
  };
  const call = async (
    name: string,
    input: Record<string, unknown>,
    user = 'user:default/maya',
  ) => {
    const client = await connect(mockCredentials.user.header(user));
    try {
      const result = await client.callTool({ name, arguments: input });
      const [content] = result.content as { text: string }[];
      return { isError: result.isError ?? false, text: content.text };
    } finally {
      await client.close();
    }
  };

  it('are offered as tools that only read', async () => {
    const client = await connect(mockCredentials.user.header());
    const { tools } = await client.listTools();
    await client.close();
    expect(
      tools.map(({ annotations, name }) => [
        name,
        annotations?.readOnlyHint,
        annotations?.destructiveHint,
      ]),
    ).toEqual([
      ['catalog.get-impact', true, false],
      ['catalog.list-problems', true, false],
      ['delivery.get-service-status', true, false],
      ['delivery.explain-red', true, false],
      ['delivery.list-services', true, false],
    ]);
  });

  it('are nothing for who is not signed in', async () => {
    await expect(connect(mockCredentials.none.header())).rejects.toThrow(
      /401|Missing|Unauthorized/i,
    );
    await expect(connect(mockCredentials.user.invalidHeader())).rejects.toThrow(
      /401|Invalid|Unauthorized/i,
    );
    expect(askers).toEqual([]);
  });

  it('read as the one who calls, and are audited', async () => {
    const result = await call('delivery.get-service-status', {
      entityRef: 'Component:default/Orders',
    });
    expect(result.isError).toBe(false);
    expect(result.text).toContain('"reason":"It crashes."');
    expect(result.text).toContain('"deployedBy":"maya"');
    expect(askers).toEqual(['user:default/maya']);
    expect(auditor.createEvent).toHaveBeenCalledWith(
      expect.objectContaining({
        eventId: 'action-read',
        meta: {
          action: 'get-service-status',
          path: '/services/default/component/orders',
          onBehalfOf: 'user:default/maya',
        },
      }),
    );
    expect(auditor.createEvent).toHaveBeenCalledWith(
      expect.objectContaining({
        eventId: 'tool-execution',
        meta: { toolName: 'delivery.get-service-status' },
      }),
    );
  });

  it('explain what is red, in the worst environment unless told another', async () => {
    const entityRef = 'component:default/orders';
    const { isError, text } = await call('delivery.explain-red', { entityRef });
    expect(isError).toBe(false);
    expect(text).toContain('"environment":"production"');
    expect(text).toContain('"cause":"crash-loop"');
    expect(text).toContain('Exception: no currency');
    expect(new Set(askers)).toEqual(new Set(['user:default/maya']));
    for (const environment of ['..', 'nowhere']) {
      const wrong = await call('delivery.explain-red', {
        entityRef,
        environment,
      });
      expect(wrong.isError).toBe(true);
    }
    const refused = await call(
      'delivery.explain-red',
      { entityRef },
      'user:default/stranger',
    );
    expect(refused).toEqual({
      isError: true,
      text: expect.stringContaining('delivery.service.read'),
    });
  });

  it('say in words what is refused, missing or wrong', async () => {
    const entityRef = 'component:default/orders';
    expect(
      await call(
        'delivery.get-service-status',
        { entityRef },
        'user:default/stranger',
      ),
    ).toEqual({
      isError: true,
      text: expect.stringContaining('delivery.service.read'),
    });
    expect(
      await call('delivery.get-service-status', { entityRef: 'nobody' }),
    ).toEqual({
      isError: true,
      text: expect.stringContaining('Nothing is known of'),
    });
    for (const wrong of ['../..:/%2e', 'a:../..', 'a:b/..', 'a:b/c/d', '']) {
      expect(await call('catalog.get-impact', { entityRef: wrong })).toEqual({
        isError: true,
        text: expect.stringContaining('is no entity ref'),
      });
    }
    expect(
      (await call('catalog.get-impact', { entityRef, limit: 100_000 })).isError,
    ).toBe(true);
  });

  it('list services, impact and problems', async () => {
    expect((await call('delivery.list-services', { q: 'ord' })).text).toContain(
      'production: 1.0.0, critical',
    );
    const impact = await call('catalog.get-impact', {
      entityRef: 'orders',
      direction: 'dependencies',
    });
    expect(impact.text).toContain('/waystone/impact/component/default/orders');
    expect(impact.text).toContain('"owner":"dependencies"');
    expect((await call('catalog.list-problems', {})).text).toContain(
      'tier-missing',
    );
  });
});
