import { createServiceFactory } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { checkResponseSchema } from '@waystone/plugin-governance-common';
import type { CheckResponse } from '@waystone/plugin-governance-common';
import request from 'supertest';
import { startSandbox } from '../__testUtils__/startSandbox';
import type { RunningSandbox } from '../__testUtils__/startSandbox';
import { governancePlugin } from '../plugin';

jest.setTimeout(240_000);

const NAMESPACE = 'ordering-development';

const deployment = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'loyalty-service',
    namespace: NAMESPACE,
    labels: { owner: 'orders', 'cost-center': 'cc-orders' },
  },
  spec: {
    selector: { matchLabels: { app: 'loyalty-service' } },
    template: {
      metadata: {
        labels: {
          app: 'loyalty-service',
          owner: 'orders',
          'cost-center': 'cc-orders',
        },
      },
      spec: {
        securityContext: { runAsNonRoot: true, runAsUser: 10001 },
        containers: [
          {
            name: 'loyalty-service',
            image,
            securityContext: { allowPrivilegeEscalation: false },
            resources: {
              requests: { cpu: '50m', memory: '64Mi' },
              limits: { cpu: '500m', memory: '128Mi' },
            },
            livenessProbe: { httpGet: { path: '/live', port: 8080 } },
            readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
          },
        ],
      },
    },
  },
});

describe('the check, with the rights that platform/kubernetes gives the portal', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let sandbox: RunningSandbox;
  let backend: Awaited<ReturnType<typeof startTestBackend>> | undefined;
  let check: (...manifests: object[]) => Promise<CheckResponse>;

  beforeAll(async () => {
    sandbox = await startSandbox();
    const started = await startTestBackend({
      features: [
        governancePlugin,
        createServiceFactory({
          service: catalogServiceRef,
          deps: {},
          factory: () => catalogServiceMock({ entities: [] }),
        }),
        mockServices.database.factory({
          knex: await databases.init('POSTGRES_18'),
        }),
        mockServices.rootConfig.factory({
          data: {
            kubernetes: {
              serviceLocatorMethod: { type: 'multiTenant' },
              clusterLocatorMethods: [
                {
                  type: 'config',
                  clusters: [
                    {
                      name: 'nonprod',
                      url: `${sandbox.url}/kubernetes/nonprod`,
                      authProvider: 'serviceAccount',
                      serviceAccountToken: sandbox.token,
                    },
                  ],
                },
              ],
            },
            waystone: {
              environments: [{ name: 'development', cluster: 'nonprod' }],
            },
          },
        }),
      ],
    });
    backend = started;
    check = async (...manifests) => {
      const { body } = await request(started.server)
        .post('/api/governance/check')
        .set('Authorization', mockCredentials.user.header())
        .send({ environment: 'development', manifests });
      return checkResponseSchema.parse(body);
    };
    // The policies of the platform are installed while the sandbox is already answering.
    let response: CheckResponse;
    do {
      response = await check(deployment('docker.io/library/redis:latest'));
    } while (response.outcome !== 'refused');
  });

  afterAll(async () => {
    await backend?.stop();
    await sandbox?.stop();
  });

  it('tells what the policies of the cluster refuse, and where', async () => {
    const { cluster, objects, outcome } = await check(
      deployment('docker.io/library/redis:latest'),
    );
    expect([cluster, outcome]).toEqual(['nonprod', 'refused']);
    expect(objects[0].verdicts).toEqual(
      expect.arrayContaining(
        ['allowed-registries', 'no-latest-tag'].map(policy =>
          expect.objectContaining({
            severity: 'error',
            source: 'policy',
            policy,
            field: 'spec.template.spec.containers[0].image',
          }),
        ),
      ),
    );
  });

  it('accepts what a golden path makes of every kind, and stores none of it', async () => {
    const others = [
      { apiVersion: 'v1', kind: 'ServiceAccount' },
      { apiVersion: 'v1', kind: 'ConfigMap' },
      {
        apiVersion: 'v1',
        kind: 'Service',
        spec: { selector: { app: 'loyalty-service' }, ports: [{ port: 80 }] },
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        spec: { podSelector: {}, policyTypes: ['Ingress'] },
      },
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        spec: {
          minAvailable: 1,
          selector: { matchLabels: { app: 'loyalty-service' } },
        },
      },
    ].map(object => ({
      ...object,
      metadata: { name: 'loyalty-service', namespace: NAMESPACE },
    }));
    const ask = () =>
      check(
        deployment('registry.fernway.example/loyalty-service:1.0.0'),
        ...others,
      );
    const refused = (response: CheckResponse) =>
      response.objects.filter(({ outcome }) => outcome !== 'accepted');
    expect(refused(await ask())).toEqual([]);
    // A second time it would be another answer, if anything had been stored
    expect(refused(await ask())).toEqual([]);
    for (const { apiVersion, kind } of others) {
      const path = apiVersion === 'v1' ? 'api/v1' : `apis/${apiVersion}`;
      const plural =
        kind === 'NetworkPolicy' ? 'networkpolicies' : `${kind.toLowerCase()}s`;
      const response = await fetch(
        `${sandbox.url}/kubernetes/nonprod/${path}/namespaces/${NAMESPACE}/${plural}/loyalty-service`,
        { headers: { Authorization: `Bearer ${sandbox.token}` } },
      );
      expect([kind, response.status]).toEqual([kind, 404]);
    }
  });
});
