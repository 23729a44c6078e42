import type { BackendFeature } from '@backstage/backend-plugin-api';
import { createServiceFactory } from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type { TestDatabases } from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { kubernetesServiceRef, vaultServiceRef } from '@waystone/integrations';
import type { KubernetesService, VaultService } from '@waystone/integrations';
import request from 'supertest';
import { governancePlugin } from '../plugin';
import { FakeCluster } from './FakeCluster';
import { FakeVault } from './FakeVault';
import {
  constraint,
  violation,
  vulnerabilityReport,
  weakness,
  workload,
} from './objects';

/** Where the routes are. */
export const base = '/api/governance';

const entities = ['orders', 'payments'].map(name => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name,
    namespace: 'default',
    annotations: {
      'backstage.io/kubernetes-id': name,
      'vault.io/secrets-path': name,
    },
  },
  relations: [{ type: 'ownedBy', targetRef: `group:default/${name}` }],
  spec: { type: 'service', lifecycle: 'production', owner: name },
}));

/** What callers may do, and what else runs. */
export interface StartOptions {
  readonly decision?: AuthorizeResult.ALLOW | AuthorizeResult.DENY;
  /** Ref of a user who may do nothing. */
  readonly denied?: string;
  /** What the catalog lets the caller see, if that depends on the entity. */
  readonly visible?: readonly string[];
  /** The entities whose secrets the caller may see. */
  readonly secretsOf?: readonly string[];
  /** Instead of a registry of actions that can be invoked from the test. */
  readonly features?: readonly BackendFeature[];
}

/** Starts the plugin with two services in a cluster. */
export async function startGovernance(
  databases: TestDatabases,
  options: StartOptions = {},
) {
  const cluster = new FakeCluster().set(
    ...workload('orders', { pods: 3 }),
    ...workload('payments'),
    constraint('no-latest-tag', {
      auditTimestamp: new Date().toISOString(),
      totalViolations: 40,
      violations: [
        violation('Pod', 'orders-abc-0'),
        violation('Deployment', 'payments'),
      ],
    }),
    vulnerabilityReport('orders-abc', [weakness('CVE-1')]),
    vulnerabilityReport('payments-abc', [weakness('CVE-1')]),
    {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: 'orders', namespace: 'shop-production' },
      spec: { data: [{ remoteRef: { key: 'orders/production' } }] },
    },
  );
  const catalog = catalogServiceMock({ entities });
  if (options.visible) {
    jest
      .spyOn(catalog, 'getEntitiesByRefs')
      .mockImplementation(async ({ entityRefs }) => ({
        items: entityRefs.map(ref =>
          options.visible!.includes(ref) ? entities[0] : undefined,
        ),
      }));
  }
  const vault = new FakeVault({
    'orders/production': { 'rotation-due': '2026-01-31' },
    'orders/staging': {},
    'payments/production': {},
  });
  const knex = await databases.init('POSTGRES_18');
  const kubernetes: Pick<KubernetesService, 'cluster' | 'clusters'> = {
    clusters: [cluster.client],
    cluster: () => cluster.client,
  };
  const actions = actionsRegistryServiceMock();
  const { server } = await startTestBackend({
    features: [
      governancePlugin,
      ...(options.features ?? [
        createServiceFactory({
          service: actionsRegistryServiceRef,
          deps: {},
          factory: () => actions,
        }),
      ]),
      createServiceFactory({
        service: catalogServiceRef,
        deps: {},
        factory: () => catalog,
      }),
      createServiceFactory({
        service: kubernetesServiceRef,
        deps: {},
        factory: () => kubernetes as KubernetesService,
      }),
      createServiceFactory({
        service: vaultServiceRef,
        deps: {},
        factory: () => ({ clients: [vault.client] } as unknown as VaultService),
      }),
      mockServices.database.factory({ knex }),
      mockServices.permissions.mock({
        authorize: async (requests, { credentials }) =>
          requests.map(asked => ({
            result:
              (options.denied !== undefined &&
                JSON.stringify(credentials.principal).includes(
                  options.denied,
                )) ||
              (options.secretsOf &&
                'resourceRef' in asked &&
                !options.secretsOf.includes(asked.resourceRef ?? ''))
                ? AuthorizeResult.DENY
                : options.decision ?? AuthorizeResult.ALLOW,
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
          backend: { actions: { pluginSources: ['governance'] } },
          waystone: {
            environments: [{ name: 'production', cluster: 'prod' }],
            governance: { due: { medium: 0 } },
          },
        },
      }),
    ],
  });
  const get = (path: string, credentials = mockCredentials.user.header()) =>
    request(server).get(`${base}${path}`).set('Authorization', credentials);
  const post = (path: string, body: object) =>
    request(server)
      .post(`${base}${path}`)
      .set('Authorization', mockCredentials.user.header())
      .send(body);
  return { actions, cluster, get, knex, post, server };
}
