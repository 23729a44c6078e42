import { deployment, TestCluster } from '../../testUtils/TestCluster';
import type { KubernetesObject, PodLogSource } from '../KubernetesCluster';
import { findCondition } from './conditions';
import type { ContainerStatus } from './containerStates';
import { isReady } from './podState';

// Other tests run beside these.
jest.setTimeout(60_000);

describe('pods', () => {
  let test: TestCluster;
  let readLog: PodLogSource;

  beforeEach(() => {
    test = new TestCluster({ speed: 100 });
    readLog = test.cluster.server.podLogSource;
  });

  afterEach(async () => {
    await test.stop();
  });

  const container = (): ContainerStatus | undefined =>
    test.pods()[0]?.status?.containerStatuses?.[0];
  const waitingFor = (reason: string) =>
    test.until(
      () => container()?.state.waiting?.reason === reason && container(),
    );
  const lines = (pod: KubernetesObject, previous = false) =>
    readLog(pod, { container: 'web', previous }).map(({ line }) => line);

  it('wait with longer and longer pauses for an image that is not there', async () => {
    test.cluster.create(
      deployment({
        image: 'registry.fernway.example/test/web:9.9.9-does-not-exist',
      }),
    );
    const first = await waitingFor('ErrImagePull');
    expect(first!.state.waiting!.message).toContain(
      'registry.fernway.example/test/web:9.9.9-does-not-exist: not found',
    );
    const second = await waitingFor('ImagePullBackOff');
    expect(second!.state.waiting!.message).toMatch(
      /^Back-off pulling image "registry.fernway.example\/test\/web:9.9.9-does-not-exist": ErrImagePull: /,
    );
    expect(test.pods()[0].status.phase).toBe('Pending');
    expect(test.events('web-')).toEqual(
      expect.arrayContaining([
        'Failed: Error: ErrImagePull',
        'Failed: Error: ImagePullBackOff',
        'BackOff: Back-off pulling image "registry.fernway.example/test/web:9.9.9-does-not-exist"',
      ]),
    );
  });

  it('do not know every registry', async () => {
    test.cluster.create(
      deployment({ image: 'images.elsewhere.example/web:1' }),
    );
    const status = await waitingFor('ErrImagePull');
    expect(status!.state.waiting!.message).toContain(
      'lookup images.elsewhere.example on 10.96.0.10:53: no such host',
    );
  });

  it('crash again and again, with what they said before', async () => {
    test.cluster.create(
      deployment({ image: 'registry.fernway.example/test/web:1.1.0-broken' }),
    );
    await test.until(() => (container()?.restartCount ?? 0) >= 2);
    const status = await waitingFor('CrashLoopBackOff');
    const [pod] = test.pods();
    expect(status!.state.waiting!.message).toMatch(
      new RegExp(
        `^back-off \\d+s restarting failed container=web pod=${pod.metadata.name}_default\\(${pod.metadata.uid}\\)$`,
      ),
    );
    expect(status!.lastState.terminated).toMatchObject({
      exitCode: 1,
      reason: 'Error',
      containerID: expect.stringMatching(/^containerd:\/\//),
    });
    expect(pod.status.phase).toBe('Running');
    expect(findCondition(pod.status.conditions, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [web]',
    });
    expect(lines(pod).length).toBeGreaterThan(4);
    expect(lines(pod, true)).toEqual(lines(pod));
    expect(test.events('web-').join('\n')).toContain(
      'BackOff: Back-off restarting failed container web in pod',
    );
  });

  it('are killed for their memory', async () => {
    test.cluster.create(
      deployment({
        container: { env: [{ name: 'SANDBOX_CRASH', value: 'out-of-memory' }] },
      }),
    );
    await test.until(() => container()?.lastState.terminated);
    expect(container()!.lastState.terminated).toMatchObject({
      exitCode: 137,
      reason: 'OOMKilled',
    });
  });

  it('start once the Secret that they need is there', async () => {
    test.cluster.create(
      deployment({
        container: {
          env: [
            {
              name: 'DATABASE_URL',
              valueFrom: { secretKeyRef: { name: 'database', key: 'uri' } },
            },
          ],
        },
      }),
    );
    const missing = await waitingFor('CreateContainerConfigError');
    expect(missing!.state.waiting!.message).toBe('secret "database" not found');
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'database', namespace: 'default' },
    };
    test.cluster.create({ ...secret, data: { url: 'eA==' } });
    await test.until(
      () =>
        container()?.state.waiting?.message ===
        "couldn't find key uri in Secret default/database",
    );
    test.cluster.patch(
      { ...secret, namespace: 'default', name: 'database' },
      { data: { uri: 'eA==' } },
    );
    await test.until(() => isReady(test.pods()[0]));
  });

  it('stay pending while no node has room', async () => {
    test.cluster.create(
      deployment({ container: { resources: { requests: { cpu: '40' } } } }),
    );
    const pod = await test.until(() => {
      const [first] = test.pods();
      return (
        findCondition(first?.status?.conditions, 'PodScheduled')?.reason ===
          'Unschedulable' && first
      );
    });
    expect(findCondition(pod.status.conditions, 'PodScheduled')).toMatchObject({
      status: 'False',
      message:
        '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
    });
    const [node] = test.cluster.list({ apiVersion: 'v1', kind: 'Node' });
    test.cluster.patch(
      { apiVersion: 'v1', kind: 'Node', name: node.metadata.name! },
      { status: { allocatable: { cpu: '64' } } },
      { subresource: 'status' },
    );
    await test.until(() => isReady(test.pods()[0]));
    expect(test.pods()[0].spec.nodeName).toBe(node.metadata.name);
  });

  it('lose their readiness while a story says so, and get it back', async () => {
    test.cluster.create(
      deployment({
        replicas: 2,
        container: { readinessProbe: { httpGet: { path: '/', port: 80 } } },
      }),
    );
    const ready = (count: number) => () =>
      test.pods().filter(isReady).length === count;
    await test.until(ready(2));
    test.controllers.behaviours.set(
      'break-the-database',
      { namespace: 'default', labels: { app: 'web' } },
      'database-down',
    );
    await test.until(ready(0));
    expect(test.pods()[0].status.phase).toBe('Running');
    expect(test.events('web-')).toContain(
      'Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503',
    );
    const [pod] = test.pods();
    const later = { ...pod, status: structuredClone(pod.status) };
    later.status.containerStatuses[0].state = {
      terminated: {
        exitCode: 143,
        reason: 'Error',
        startedAt: new Date().toISOString(),
        finishedAt: new Date(Date.now() + 60_000).toISOString(),
      },
    };
    expect(lines(later).join('\n')).toContain('connect ECONNREFUSED');
    test.controllers.behaviours.clear('break-the-database');
    await test.until(ready(2));
  });

  it('write a log that grows and stays the same', async () => {
    test.cluster.create(deployment());
    const pod = await test.until(
      () => isReady(test.pods()[0] ?? { status: {} }) && test.pods()[0],
    );
    const after = (minutes: number) => {
      const start = Date.parse(
        pod.status.containerStatuses[0].state.running.startedAt,
      );
      const status = structuredClone(pod.status);
      status.containerStatuses[0].state = {
        terminated: {
          exitCode: 143,
          reason: 'Error',
          startedAt: new Date(start).toISOString(),
          finishedAt: new Date(start + minutes * 60_000).toISOString(),
        },
      };
      return lines({ ...pod, status });
    };
    const early = after(5);
    const late = after(10);
    expect(early.length).toBeGreaterThan(40);
    expect(late.slice(0, early.length)).toEqual(early);
    expect(late.length).toBeGreaterThan(early.length + 40);
    expect(after(100_000)).toHaveLength(2000);
    expect(lines(pod, true)).toEqual([]);
  });

  it('stop before they are gone', async () => {
    test.cluster.create(deployment());
    const [pod] = await test.until(
      () => test.pods().some(isReady) && test.pods(),
    );
    const ref = {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: 'default',
      name: pod.metadata.name!,
    };
    test.cluster.delete(ref);
    expect(test.get(ref).metadata).toMatchObject({
      deletionTimestamp: expect.any(String),
      deletionGracePeriodSeconds: 30,
    });
    await test.until(() => !test.cluster.get(ref));
    expect(test.events(pod.metadata.name!)).toContain(
      'Killing: Stopping container web',
    );
    await test.until(() => test.pods().some(isReady));

    const [next] = test.pods();
    test.cluster.delete(
      { ...ref, name: next.metadata.name! },
      { gracePeriodSeconds: 0 },
    );
    expect(
      test.cluster.get({ ...ref, name: next.metadata.name! }),
    ).toBeUndefined();
  });
});
