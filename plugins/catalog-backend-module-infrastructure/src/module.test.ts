import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import type {
  EntityProvider,
  EntityProviderMutation,
} from '@backstage/plugin-catalog-node';
import { eventsServiceFactory } from '@backstage/plugin-events-node';
import type { InfrastructureRequest } from '@waystone/plugin-infrastructure-common';
import { InfrastructureEntityProvider } from './InfrastructureEntityProvider';
import catalogModuleInfrastructure from '.';
import type { RequestReader } from './RequestReader';

const database: InfrastructureRequest = {
  id: '4f0b5f5e-7a39-4f46-8b0d-0a4b8f0b2f5d',
  version: 3,
  offering: 'postgresqlinstances.platform.waystone.dev',
  offeringTitle: 'PostgreSQL',
  kind: 'PostgreSQLInstance',
  name: 'orders-db',
  environment: 'development',
  cluster: 'nonprod',
  namespace: 'ordering-development',
  system: 'ordering',
  owner: 'group:default/orders',
  requester: 'user:default/maya',
  component: 'component:default/order-service',
  parameters: {},
  status: 'ready',
  statusSince: '2026-11-21T10:00:00.000Z',
  approvers: [],
  deletionProtection: false,
  entityRef: 'resource:default/orders-db-development',
  createdAt: '2026-11-21T09:59:00.000Z',
  readyAt: '2026-11-21T10:00:00.000Z',
};

const start = async (requests: InfrastructureRequest[] = []) => {
  const mutations: EntityProviderMutation[] = [];
  const provider = new InfrastructureEntityProvider({
    logger: mockServices.logger.mock(),
    reader: { readAll: async () => requests } as unknown as RequestReader,
  });
  await provider.connect({
    applyMutation: async mutation => {
      mutations.push(mutation);
    },
    refresh: async () => {},
  });
  return { mutations, provider };
};

describe('the catalog of what was requested', () => {
  it('is an entity provider', async () => {
    const providers: EntityProvider[] = [];
    await startTestBackend({
      extensionPoints: [
        [
          catalogProcessingExtensionPoint,
          {
            addEntityProvider: (...added: EntityProvider[]) =>
              providers.push(...added),
          } as never,
        ],
      ],
      features: [
        catalogModuleInfrastructure,
        eventsServiceFactory,
        mockServices.scheduler.mock({ scheduleTask: async () => {} }).factory,
      ],
    });
    expect(providers.map(provider => provider.getProviderName())).toEqual([
      'infrastructure',
    ]);
  });

  it('has what is ready, owned by the team, as a dependency of the component', async () => {
    const { mutations, provider } = await start([
      database,
      { ...database, status: 'awaiting-approval', readyAt: undefined },
    ]);
    await provider.refresh();
    expect(mutations).toEqual([
      {
        type: 'full',
        entities: [
          {
            entity: expect.objectContaining({
              kind: 'Resource',
              metadata: expect.objectContaining({
                name: 'orders-db-development',
                annotations: expect.objectContaining({
                  'waystone.dev/infrastructure-request': database.id,
                }),
              }),
              spec: {
                type: 'postgresql',
                owner: 'group:default/orders',
                system: 'ordering',
                dependencyOf: ['component:default/order-service'],
              },
            }),
          },
        ],
      },
    ]);
  });

  it('follows each change, and tells the catalog only what is new to it', async () => {
    const { mutations, provider } = await start();
    await provider.onEvent({
      request: { ...database, status: 'provisioning', readyAt: undefined },
    });
    await provider.onEvent({ request: database });
    await provider.onEvent({
      request: { ...database, status: 'updating', version: 4 },
    });
    await provider.onEvent({ request: { ...database, status: 'deleted' } });
    await provider.onEvent({ nonsense: true });
    expect(mutations).toEqual([
      { type: 'delta', added: [expect.anything()], removed: [] },
      {
        type: 'delta',
        added: [],
        removed: [{ entityRef: 'resource:default/orders-db-development' }],
      },
    ]);
  });
});
