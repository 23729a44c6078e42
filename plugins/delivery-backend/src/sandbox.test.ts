import { createServiceFactory } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  ciJobsResponseSchema,
  ciRunsResponseSchema,
  distanceResponseSchema,
  explanationResponseSchema,
  historyResponseSchema,
  objectsResponseSchema,
  serviceResponseSchema,
} from '@waystone/plugin-delivery-common';
import type {
  Cause,
  Explanation,
  ExplanationResponse,
} from '@waystone/plugin-delivery-common';
import request from 'supertest';
import { startSandbox } from './__testUtils__/startSandbox';
import type { RunningSandbox } from './__testUtils__/startSandbox';
import { deliveryPlugin } from './plugin';

jest.setTimeout(240_000);

/** What each story of the sandbox is explained as, and words that the sentence has. */
const STORIES: readonly {
  readonly story: string;
  readonly service: string;
  readonly environment?: string;
  readonly cause: Cause;
  readonly words: RegExp;
  readonly evidence?: RegExp;
}[] = [
  {
    story: 'bad-deploy',
    service: 'order-service',
    cause: 'crash-loop',
    words: /order-service' crashes soon after its start with exit code \d/,
    evidence: /currency|nil pointer/,
  },
  {
    story: 'missing-image',
    service: 'pricing-service',
    cause: 'image-not-pulled',
    words: /does-not-exist' cannot be pulled: the registry has no such tag/,
  },
  {
    story: 'out-of-memory',
    service: 'customer-service',
    cause: 'out-of-memory',
    words: /more memory than its limit/,
    evidence: /OOMKilled, exit code 137/,
  },
  {
    story: 'failing-readiness',
    service: 'inventory-service',
    cause: 'readiness-probe-failed',
    words:
      /does not become ready: its readiness probe fails.*cache is not warm/,
  },
  {
    story: 'failing-liveness',
    service: 'search-service',
    cause: 'liveness-probe-failed',
    words: /does not answer its liveness probe and is restarted/,
    evidence: /Liveness probe failed/,
  },
  {
    story: 'expired-certificate',
    service: 'identity-service',
    cause: 'certificate-expired',
    words: /certificate that has expired/,
    evidence: /x509/,
  },
  {
    story: 'missing-secret',
    service: 'returns-service',
    cause: 'secret-missing',
    words: /The Secret 'label-printer' is not there/,
  },
  {
    story: 'missing-config',
    service: 'notification-service',
    cause: 'config-missing',
    words: /The ConfigMap 'message-templates' is not there/,
  },
  {
    story: 'volume-pending',
    service: 'warehouse-web',
    cause: 'volume-pending',
    words: /PersistentVolumeClaim 'warehouse-web-uploads' has no volume yet/,
    evidence: /storageclass.storage.k8s.io "fast" not found/,
  },
  {
    story: 'no-node',
    service: 'shop-web',
    cause: 'unschedulable',
    words: /No node takes the pod: .*node affinity\/selector/,
  },
  {
    story: 'exceeded-quota',
    service: 'shop-gateway',
    cause: 'quota-exceeded',
    words: /more than the quota 'compute' of the namespace leaves/,
  },
  {
    story: 'failing-init',
    service: 'recommendation-service',
    cause: 'init-container-failed',
    words: /The init container 'load-model' ends with code 1/,
  },
  {
    story: 'refused-by-policy',
    service: 'search-service',
    environment: 'staging',
    cause: 'policy-denied',
    words: /Deployment search-service was refused by the polic/,
  },
  {
    story: 'immutable-field',
    service: 'payment-service',
    cause: 'immutable-field',
    words: /Deployment payment-service cannot be changed as Git asks/,
  },
  {
    story: 'broken-manifest',
    service: 'shipping-service',
    cause: 'manifests-broken',
    words: /The manifests in Git cannot be rendered/,
  },
  {
    story: 'failing-hook',
    service: 'inventory-service',
    environment: 'staging',
    cause: 'hook-failed',
    words: /The hook Job inventory-service-migration failed/,
  },
];

describe('the stories of the sandbox', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let sandbox: RunningSandbox;
  let ask: (path: string) => Promise<any>;
  let explain: (
    service: string,
    environment?: string,
    what?: string,
  ) => Promise<ExplanationResponse>;
  let backend: Awaited<ReturnType<typeof startTestBackend>> | undefined;

  beforeAll(async () => {
    sandbox = await startSandbox();
    const services = [...new Set(STORIES.map(({ service }) => service))];
    const started = await startTestBackend({
      features: [
        deliveryPlugin,
        createServiceFactory({
          service: catalogServiceRef,
          deps: {},
          factory: () =>
            catalogServiceMock({ entities: services.map(toEntity) }),
        }),
        mockServices.database.factory({
          knex: await databases.init('POSTGRES_18'),
        }),
        mockServices.rootConfig.factory({
          data: {
            integrations: {
              gitea: [
                {
                  host: new URL(sandbox.url).host,
                  baseUrl: `${sandbox.url}/gitea`,
                  username: 'waystone',
                  password: sandbox.token,
                },
              ],
            },
            kubernetes: {
              serviceLocatorMethod: { type: 'multiTenant' },
              clusterLocatorMethods: [
                {
                  type: 'config',
                  clusters: ['nonprod', 'prod'].map(name => ({
                    name,
                    url: `${sandbox.url}/kubernetes/${name}`,
                    authProvider: 'serviceAccount',
                    serviceAccountToken: sandbox.token,
                  })),
                },
              ],
            },
            waystone: {
              environments: [
                { name: 'development', cluster: 'nonprod' },
                { name: 'staging', cluster: 'nonprod' },
                { name: 'production', cluster: 'prod' },
              ],
              integrations: {
                argocd: {
                  instances: [
                    {
                      name: 'main',
                      url: `${sandbox.url}/argocd`,
                      token: sandbox.token,
                    },
                  ],
                },
              },
            },
          },
        }),
      ],
    });
    backend = started;
    ask = async path =>
      (
        await request(started.server)
          .get(`/api/delivery/services/default/component/${path}`)
          .set('Authorization', mockCredentials.user.header())
      ).body;
    explain = (service, environment = 'production', what = 'explanation') =>
      ask(`${service}/environments/${environment}/${what}`);
    // Before the organisation is there as a whole, its clusters take short cuts and record no events.
    await Promise.all(
      services.map(service =>
        until(
          () => explain(service),
          ({ deployment, explanation }) =>
            deployment && (!explanation || explanation.cause === 'out-of-sync'),
        ),
      ),
    );
    await Promise.all(STORIES.map(({ story }) => sandbox.tell(story, 'start')));
  });

  afterAll(async () => {
    await backend?.stop();
    await sandbox?.stop();
  });

  it.each(STORIES)(
    '$story is explained as $cause',
    async ({ cause, environment, evidence, service, words }) => {
      const answer = await until(
        () => explain(service, environment),
        ({ explanation }) =>
          explanation?.cause === cause &&
          words.test(explanation.summary) &&
          shown(explanation).some(line => (evidence ?? /\w/).test(line)),
      );
      const { explanation, gaps } = explanationResponseSchema.parse(answer);
      expect(gaps).toEqual([]);
      expect(explanation).toMatchObject({
        cause,
        summary: expect.stringMatching(words),
      });
      expect(explanation!.nextStep).toMatch(/^[A-Z].*\.$/);
      expect(shown(explanation!).join('\n')).toMatch(evidence ?? /\w/);
    },
  );

  it('the objects behind it are listed, with pods and events', async () => {
    // The node writes its events after the fact, as a real one does.
    const objects = await until(
      async () =>
        objectsResponseSchema.parse(
          await explain('order-service', 'production', 'objects'),
        ),
      ({ events, gaps }) =>
        gaps.length === 0 && events.some(({ reason }) => reason === 'BackOff'),
    );
    expect(objects.items.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['Deployment', 'ReplicaSet', 'Pod', 'Service']),
    );
    const crashing = objects.items.find(({ containers }) =>
      containers?.some(({ restarts }) => restarts > 0),
    );
    expect(crashing).toMatchObject({ kind: 'Pod', parent: expect.anything() });
  });

  it('what one environment has and another has not, are commits of the forge', async () => {
    const distance = distanceResponseSchema.parse(
      await ask('order-service/commits?from=development&to=staging'),
    );
    expect(distance.totalItems).toBeGreaterThan(0);
    expect(distance.items[0]).toMatchObject({
      author: expect.any(String),
      message: expect.any(String),
      url: expect.stringContaining('/order-service/commit/'),
    });
    const { commits, service } = serviceResponseSchema.parse(
      await ask('order-service'),
    );
    expect(commits[service.deployments[0].revision!].author).toBeTruthy();
    const { items } = historyResponseSchema.parse(
      await ask('order-service/history?environment=development'),
    );
    expect(items.every(({ version }) => version)).toBe(true);
  });

  it('runs of the forge have jobs and steps, and the last one is in the row', async () => {
    const runs = ciRunsResponseSchema.parse(await ask('order-service/runs'));
    expect(runs.provider).toMatch(/^gitea\//);
    const done = runs.items.find(({ finishedAt }) => finishedAt)!;
    const jobs = ciJobsResponseSchema.parse(
      await ask(`order-service/runs/${done.id}/jobs`),
    );
    expect(jobs.items[0].steps.length).toBeGreaterThan(0);
    const { service } = await until(
      async () => serviceResponseSchema.parse(await ask('order-service')),
      answer => answer.service.lastRun,
    );
    expect(service.lastRun?.url).toContain('/actions/runs/');
  });

  it('what was taken back is well again', async () => {
    const undone = STORIES.filter(({ story }) =>
      ['missing-secret', 'failing-hook', 'broken-manifest'].includes(story),
    );
    for (const { story } of undone) {
      await sandbox.tell(story, 'undo');
    }
    const causes = await Promise.all(
      undone.map(async ({ environment, service }) => {
        const { explanation } = await until(
          () => explain(service, environment),
          answer =>
            !answer.explanation || answer.explanation.cause === 'out-of-sync',
        );
        return explanation?.cause ?? 'out-of-sync';
      }),
    );
    expect(causes).toEqual(undone.map(() => 'out-of-sync'));
  });
});

function shown({ evidence }: Explanation): readonly string[] {
  return evidence.flatMap(({ lines }) => lines);
}

async function until<T>(
  read: () => Promise<T>,
  isGood: (value: T) => unknown,
): Promise<T> {
  for (const end = Date.now() + 90_000; ; ) {
    const value = await read();
    if (isGood(value) || Date.now() > end) {
      expect(isGood(value) ? 'as expected' : value).toBe('as expected');
      return value;
    }
    await new Promise(resolve => {
      setTimeout(resolve, 250);
    });
  }
}

function toEntity(name: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace: 'default',
      annotations: { 'backstage.io/kubernetes-id': name },
    },
    spec: { type: 'service', lifecycle: 'production', owner: 'shop' },
  };
}
