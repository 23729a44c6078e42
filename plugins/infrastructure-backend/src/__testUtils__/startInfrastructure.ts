import { createServiceFactory } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type { TestDatabases } from '@backstage/backend-test-utils';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { notificationService } from '@backstage/plugin-notifications-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { kubernetesServiceRef } from '@waystone/integrations';
import request from 'supertest';
import { infrastructurePlugin } from '../plugin';
import { FakeKubernetes } from './FakeKubernetes';

/** Who is in which team. */
const TEAMS: Record<string, string[]> = {
  'user:default/maya': ['group:default/orders'],
  'user:default/jonas': ['group:default/orders'],
  'user:default/priya': ['group:default/fulfilment'],
  'user:default/tomas': ['group:default/platform'],
};
/** Of the connection. */
export const PASSWORD = 'hunter2-of-the-database';

const entities = [
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: {
      name: 'orders',
      namespace: 'default',
      annotations: { 'waystone.dev/team-leads': 'user:default/jonas' },
    },
    spec: {},
  },
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'System',
    metadata: { name: 'ordering', namespace: 'default' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/orders' }],
    spec: {},
  },
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'System',
    metadata: { name: 'returns', namespace: 'default' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/orders' }],
    spec: {},
  },
];

/** A request for a database, as it is sent. */
export const body = {
  offering: 'postgresqlinstances.platform.waystone.dev',
  name: 'orders-db',
  environment: 'development',
  system: 'ordering',
  owner: 'group:default/orders',
  costCenter: 'cc-orders',
  parameters: { version: '16', size: 'small' },
};

/** The plugin with a cluster in memory and a database of its own, as members and a platform team see it. */
export async function startInfrastructure(databases: TestDatabases) {
  const kubernetes = new FakeKubernetes();
  kubernetes.secret = { uri: 'postgresql://x', password: PASSWORD };
  const knex = await databases.init('POSTGRES_18');
  const auditor = mockServices.auditor.mock();
  const audited: { eventId: string; outcome: string; meta: unknown }[] = [];
  auditor.createEvent.mockImplementation(async ({ eventId, meta }) => ({
    success: async options => {
      audited.push({
        eventId,
        outcome: 'success',
        meta: { ...meta, ...options?.meta },
      });
    },
    fail: async () => {
      audited.push({ eventId, outcome: 'fail', meta });
    },
  }));
  const notifications = { send: jest.fn().mockResolvedValue(undefined) };
  const { server } = await startTestBackend({
    features: [
      infrastructurePlugin,
      auditor.factory,
      createServiceFactory({
        service: kubernetesServiceRef,
        deps: {},
        factory: () => kubernetes.service,
      }),
      createServiceFactory({
        service: catalogServiceRef,
        deps: {},
        factory: () => catalogServiceMock({ entities }),
      }),
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => notifications,
      }),
      mockServices.database.factory({ knex }),
      mockServices.userInfo.mock({
        getUserInfo: async credentials => {
          const { userEntityRef } = credentials.principal as {
            userEntityRef: string;
          };
          return {
            userEntityRef,
            ownershipEntityRefs: [userEntityRef, ...TEAMS[userEntityRef]],
          };
        },
      }).factory,
      // As the policy of the portal decides for members.
      mockServices.permissions.mock({
        authorize: async requests =>
          requests.map(() => ({ result: AuthorizeResult.ALLOW })),
        authorizeConditional: async (requests, options) => {
          const { userEntityRef } = (options as any).credentials.principal as {
            userEntityRef: string;
          };
          const claims = [userEntityRef, ...TEAMS[userEntityRef]];
          return requests.map(({ permission }) => {
            if (permission.attributes.action === 'read') {
              return { result: AuthorizeResult.ALLOW };
            }
            return {
              result: AuthorizeResult.CONDITIONAL,
              pluginId: 'infrastructure',
              resourceType: 'infrastructure-request',
              conditions: {
                rule: permission.name.endsWith('approve')
                  ? 'IS_APPROVER'
                  : 'IS_OWNER',
                resourceType: 'infrastructure-request',
                params: { claims },
              },
            };
          });
        },
      }).factory,
      mockServices.rootConfig.factory({
        data: {
          waystone: {
            environments: [
              { name: 'development', cluster: 'nonprod' },
              {
                name: 'production',
                cluster: 'nonprod',
                namespace: '{system}-prod',
              },
            ],
            permissions: { platformGroups: ['group:default/platform'] },
            infrastructure: {
              connectionChecks: false,
              prices: {
                postgresql: {
                  parts: [{ field: 'size', amounts: { small: 18 } }],
                },
              },
              budgets: { default: 40 },
            },
          },
        },
      }),
    ],
  });
  const call = (
    user: string,
    method: 'get' | 'post' | 'put' | 'patch' | 'delete',
    path: string,
  ) =>
    request(server)
      [method](`/api/infrastructure${path}`)
      .set(
        'Authorization',
        mockCredentials.user.header(`user:default/${user}`),
      );
  let keys = 0;
  const create = (user: string, changes: object = {}) => {
    keys += 1;
    return call(user, 'post', '/requests')
      .set('Idempotency-Key', `key-number-${keys}`)
      .send({ ...body, ...changes });
  };
  const until = async (id: string, status: string) => {
    for (;;) {
      const { body: found } = await call('maya', 'get', `/requests/${id}`);
      if (found.status === status) {
        return found;
      }
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  };
  return { audited, call, create, kubernetes, notifications, server, until };
}
