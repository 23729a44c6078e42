import { deployment, TestCluster } from '../../testUtils/TestCluster';
import type { KubernetesObject } from '../KubernetesCluster';
import { StatusError } from '../StatusError';
import { findCondition } from './conditions';
import { hasEnded, isReady } from './podState';
import {
  CRON_JOB,
  DAEMON_SET,
  DEPLOYMENT,
  ENDPOINT_SLICE,
  HORIZONTAL_POD_AUTOSCALER,
  INGRESS,
  JOB,
  NODE,
  PERSISTENT_VOLUME,
  PERSISTENT_VOLUME_CLAIM,
  POD,
  POD_DISRUPTION_BUDGET,
  SERVICE,
  STATEFUL_SET,
} from './resourceTypes';

// Other tests run beside these.
jest.setTimeout(60_000);

describe('controllers', () => {
  let test: TestCluster;
  let load = 0.05;

  beforeEach(() => {
    load = 0.05;
    test = new TestCluster({
      speed: 100,
      usage: () => ({ cpu: load, memory: 0 }),
    });
  });

  afterEach(async () => {
    await test.stop();
  });

  const metadata = { name: 'web', namespace: 'default' };
  const { template, selector } = deployment().spec;
  const ref = (type: { apiVersion: string; kind: string }) => ({
    ...type,
    ...metadata,
  });
  const allReady = (count: number) => () =>
    test.pods().length === count && test.pods().every(isReady);

  it('register nodes with what they can take', () => {
    const nodes = test.cluster.list(NODE);
    expect(nodes).toHaveLength(3);
    expect(nodes[0].status).toMatchObject({
      capacity: { cpu: '16', pods: '250' },
      nodeInfo: { kubeletVersion: 'v1.34.1' },
    });
    expect(findCondition(nodes[0].status.conditions, 'Ready')?.status).toBe(
      'True',
    );
  });

  it('run StatefulSets in order, with a volume for each pod', async () => {
    test.cluster.create({
      ...STATEFUL_SET,
      metadata,
      spec: {
        replicas: 3,
        serviceName: 'web',
        selector,
        template,
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: {
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: '8Gi' } },
            },
          },
        ],
      },
    });
    const order: string[] = [];
    let early = false;
    const end = test.cluster.watch(POD, ({ type, object }) => {
      if (type === 'ADDED') {
        order.push(object.metadata.name!);
        const others = test
          .pods()
          .filter(({ metadata: { uid } }) => uid !== object.metadata.uid);
        early ||= !others.every(isReady);
      }
    });
    await test.until(allReady(3));
    end();
    expect(order).toEqual(['web-0', 'web-1', 'web-2']);
    expect(early).toBe(false);
    expect(
      test.cluster
        .list(PERSISTENT_VOLUME_CLAIM)
        .map(({ metadata: { name }, status }) => [name, status.phase]),
    ).toEqual([
      ['data-web-0', 'Bound'],
      ['data-web-1', 'Bound'],
      ['data-web-2', 'Bound'],
    ]);
    expect(test.cluster.list(PERSISTENT_VOLUME)).toHaveLength(3);

    const before = test.get(ref(STATEFUL_SET)).status.currentRevision;
    test.cluster.patch(ref(STATEFUL_SET), {
      spec: { template: { metadata: { annotations: { changed: 'yes' } } } },
    });
    await test.until(() => {
      const { status } = test.get(ref(STATEFUL_SET));
      return status.currentRevision !== before && status.readyReplicas === 3;
    });
    test.cluster.patch(ref(STATEFUL_SET), { spec: { replicas: 1 } });
    await test.until(
      () =>
        test
          .pods()
          .map(pod => pod.metadata.name)
          .join() === 'web-0',
    );
  });

  it('run DaemonSets on every node', async () => {
    test.cluster.create({
      ...DAEMON_SET,
      metadata,
      spec: { selector, template },
    });
    await test.until(allReady(3));
    expect(new Set(test.pods().map(({ spec }) => spec.nodeName)).size).toBe(3);
    await test.until(
      () => test.get(ref(DAEMON_SET)).status?.numberAvailable === 3,
    );
    const before = test.pods().map(({ metadata: { uid } }) => uid);
    test.cluster.patch(ref(DAEMON_SET), {
      spec: { template: { metadata: { annotations: { changed: 'yes' } } } },
    });
    await test.until(
      () =>
        allReady(3)() &&
        test.pods().every(({ metadata: { uid } }) => !before.includes(uid)),
    );
  });

  it('run Jobs to their end, or until they have failed too often', async () => {
    const job = (name: string, image: string): KubernetesObject => ({
      ...JOB,
      metadata: { name, namespace: 'default' },
      spec: {
        backoffLimit: 1,
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [{ name: 'job', image }],
          },
        },
      },
    });
    const condition = (name: string, type: string) =>
      findCondition(
        test.get({ ...JOB, namespace: 'default', name }).status?.conditions,
        type,
      );
    test.cluster.create(job('good', 'registry.fernway.example/test/job:1.0.0'));
    await test.until(() => condition('good', 'Complete'));
    expect(
      test.get({ ...JOB, namespace: 'default', name: 'good' }).status,
    ).toMatchObject({ succeeded: 1, completionTime: expect.any(String) });

    test.cluster.create(
      job('bad', 'registry.fernway.example/test/job:1.0.1-broken'),
    );
    await test.until(() => condition('bad', 'Failed'));
    expect(condition('bad', 'Failed')).toMatchObject({
      reason: 'BackoffLimitExceeded',
    });
    const failed = test
      .pods()
      .filter(({ status }) => status.phase === 'Failed');
    expect(failed).toHaveLength(2);
    expect(test.pods().every(hasEnded)).toBe(true);
  });

  it('start Jobs at their time, by the clock', async () => {
    jest.useFakeTimers({
      // Only the clock; what waits, waits for real.
      doNotFake: [
        'clearImmediate',
        'clearInterval',
        'clearTimeout',
        'nextTick',
        'performance',
        'queueMicrotask',
        'setImmediate',
        'setInterval',
        'setTimeout',
      ],
      now: new Date('2026-03-02T10:29:59.700Z'),
      advanceTimers: true,
    });
    try {
      test.cluster.create({
        ...CRON_JOB,
        metadata,
        spec: {
          schedule: '*/30 * * * *',
          jobTemplate: {
            spec: {
              template: {
                spec: { ...template.spec, restartPolicy: 'Never' },
              },
            },
          },
        },
      });
      await test.until(() => test.cluster.list(JOB).length === 1);
    } finally {
      jest.useRealTimers();
    }
    const [job] = test.cluster.list(JOB);
    expect(job.metadata.name).toBe(
      `web-${Date.parse('2026-03-02T10:30:00Z') / 60_000}`,
    );
    expect(test.get(ref(CRON_JOB)).status.lastScheduleTime).toBe(
      '2026-03-02T10:30:00Z',
    );
  });

  it('connect Services to ready pods, and give addresses', async () => {
    test.cluster.create(
      deployment({
        replicas: 2,
        container: { ports: [{ name: 'http', containerPort: 8080 }] },
      }),
    );
    test.cluster.create({
      ...SERVICE,
      metadata,
      spec: {
        type: 'LoadBalancer',
        selector: { app: 'web' },
        ports: [{ name: 'http', port: 80, targetPort: 'http' }],
      },
    });
    test.cluster.create({
      ...INGRESS,
      metadata,
      spec: {
        rules: [
          {
            host: 'web.example',
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: 'web', port: { name: 'http' } } },
                },
              ],
            },
          },
        ],
      },
    });
    await test.until(() => {
      const [slice] = test.cluster.list(ENDPOINT_SLICE);
      return (
        slice?.endpoints?.length === 2 &&
        slice.endpoints.every(
          (endpoint: { conditions: { ready: boolean } }) =>
            endpoint.conditions.ready,
        )
      );
    });
    const [slice] = test.cluster.list(ENDPOINT_SLICE);
    expect(slice.ports).toEqual([
      { name: 'http', port: 8080, protocol: 'TCP' },
    ]);
    expect(slice.metadata.labels).toMatchObject({
      'kubernetes.io/service-name': 'web',
    });
    await test.until(
      () => test.get(ref(SERVICE)).status?.loadBalancer?.ingress?.[0].ip,
    );
    expect(test.get(ref(SERVICE)).spec).toMatchObject({
      clusterIP: expect.stringMatching(/^10\.96\./),
      ports: [{ nodePort: expect.any(Number) }],
    });
    await test.until(
      () => test.get(ref(INGRESS)).status?.loadBalancer?.ingress?.[0].ip,
    );
  });

  it('scale with the load and say how many pods may go', async () => {
    test.cluster.create(
      deployment({ container: { resources: { requests: { cpu: '100m' } } } }),
    );
    test.cluster.create({
      ...POD_DISRUPTION_BUDGET,
      metadata,
      spec: { minAvailable: 1, selector },
    });
    test.cluster.create({
      ...HORIZONTAL_POD_AUTOSCALER,
      metadata,
      spec: {
        minReplicas: 2,
        maxReplicas: 6,
        scaleTargetRef: { ...DEPLOYMENT, name: 'web' },
        metrics: [
          {
            type: 'Resource',
            resource: {
              name: 'cpu',
              target: { type: 'Utilization', averageUtilization: 60 },
            },
          },
        ],
      },
    });
    await test.until(allReady(2));
    load = 0.2;
    await test.until(allReady(6));
    const { status } = test.get(ref(HORIZONTAL_POD_AUTOSCALER));
    expect(status.currentMetrics[0].resource.current.averageUtilization).toBe(
      200,
    );
    expect(test.events('web')).toContain(
      'SuccessfulRescale: New size: 6; reason: cpu resource utilization (percentage of request) above target',
    );
    await test.until(
      () =>
        test.get(ref(POD_DISRUPTION_BUDGET)).status?.disruptionsAllowed === 5,
    );
  });

  it('refuse what is over a quota or outside a LimitRange, and fill its defaults in', async () => {
    const pod = (cpu?: string): KubernetesObject => ({
      ...POD,
      metadata: { name: 'single', namespace: 'default' },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'nginx:1.29',
            ...(cpu && { resources: { requests: { cpu }, limits: { cpu } } }),
          },
        ],
      },
    });
    const refusal = (object: KubernetesObject) => {
      try {
        test.cluster.create(object);
      } catch (error) {
        return error as StatusError;
      }
      throw new Error('It was not refused');
    };
    test.cluster.create({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'team', namespace: 'default' },
      spec: { hard: { 'requests.cpu': '1' } },
    });
    expect(refusal(pod('2'))).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message:
        'pods "single" is forbidden: exceeded quota: team, requested: requests.cpu=2, used: requests.cpu=0, limited: requests.cpu=1',
    });
    expect(refusal(pod()).message).toBe(
      'pods "single" is forbidden: failed quota: team: must specify requests.cpu for: web',
    );
    test.cluster.create({
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'team', namespace: 'default' },
      spec: {
        limits: [
          {
            type: 'Container',
            default: { cpu: '200m' },
            defaultRequest: { cpu: '100m' },
            max: { cpu: '500m' },
          },
        ],
      },
    });
    expect(refusal(pod('600m')).message).toBe(
      'pods "single" is forbidden: maximum cpu usage per Container is 500m, but limit is 600m',
    );
    expect(
      refusal({
        ...pod('100m'),
        spec: { ...pod('100m').spec, serviceAccountName: 'nobody' },
      }).message,
    ).toBe(
      'pods "single" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found',
    );
    test.cluster.create(deployment());
    await test.until(allReady(1));
    expect(test.pods()[0].spec.containers[0].resources).toEqual({
      limits: { cpu: '200m' },
      requests: { cpu: '100m' },
    });
  });

  it('start quickly while a cluster is filled', async () => {
    test.controllers.setQuickStart(true);
    test.cluster.create(
      deployment({
        replicas: 20,
        container: { readinessProbe: { httpGet: { path: '/', port: 80 } } },
      }),
    );
    await test.until(allReady(20));
    expect(
      test.events('web').filter(event => /Pulling|Started/.test(event)),
    ).toEqual([]);
  });

  it('go on after a restart where they were', async () => {
    test.cluster.create(
      deployment({
        replicas: 2,
        container: { readinessProbe: { httpGet: { path: '/', port: 80 } } },
      }),
    );
    test.cluster.create(
      deployment({
        name: 'broken',
        image: 'registry.fernway.example/test/web:1.0.0-broken',
      }),
    );
    const broken = () =>
      test.pods('default', 'app=broken')[0]?.status?.containerStatuses?.[0];
    await test.until(
      () => test.pods('default', 'app=web').filter(isReady).length === 2,
    );
    await test.until(() => broken()?.restartCount === 1);
    const before = test
      .pods('default', 'app=web')
      .map(({ metadata: { uid } }) => uid);
    test.controllers.behaviours.set(
      'story',
      { namespace: 'default', labels: { app: 'web' } },
      'unready',
    );
    await test.restart();

    await test.until(() => !test.pods('default', 'app=web').some(isReady));
    await test.until(() => broken()?.restartCount >= 2);
    test.controllers.behaviours.clear('story');
    await test.until(() => test.pods('default', 'app=web').every(isReady));
    const after = test.pods('default', 'app=web');
    expect(after.map(({ metadata: { uid } }) => uid)).toEqual(before);
    expect(
      after.map(({ status }) => status.containerStatuses[0].restartCount),
    ).toEqual([0, 0]);
    test.cluster.patch(ref(DEPLOYMENT), { spec: { replicas: 4 } });
    await test.until(
      () => test.pods('default', 'app=web').filter(isReady).length === 4,
    );
    const addresses = test.pods().map(({ status }) => status.podIP);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('let a namespace go with all that runs in it', async () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', name: 'team' };
    test.cluster.create({ ...namespace, metadata: { name: 'team' } });
    test.cluster.create({
      ...deployment({ replicas: 3 }),
      metadata: { name: 'web', namespace: 'team' },
    });
    await test.until(() => test.pods('team').filter(isReady).length === 3);
    test.cluster.delete(namespace);
    expect(test.get(namespace).status.phase).toBe('Terminating');
    await test.until(() => !test.cluster.get(namespace));
    expect(test.pods('team')).toEqual([]);
  });
});
