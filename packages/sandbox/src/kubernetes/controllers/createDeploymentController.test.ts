import { deployment, TestCluster } from '../../testUtils/TestCluster';
import type { KubernetesObject } from '../KubernetesCluster';
import { findCondition } from './conditions';
import { DEPLOYMENT, REPLICA_SET } from './resourceTypes';

// Other tests run beside these.
jest.setTimeout(60_000);

describe('Deployments', () => {
  let test: TestCluster;
  const ref = { ...DEPLOYMENT, namespace: 'default', name: 'web' };

  beforeEach(() => {
    test = new TestCluster();
  });

  afterEach(async () => {
    await test.stop();
  });

  const read = () => test.get(ref);
  const condition = (type: string) =>
    findCondition(read().status?.conditions, type);
  const isComplete = (replicas: number) => () => {
    const { status, metadata } = read();
    return (
      status?.observedGeneration === metadata.generation &&
      status?.updatedReplicas === replicas &&
      status.availableReplicas === replicas &&
      status.replicas === replicas
    );
  };
  const replicaSets = () =>
    [...test.cluster.list(REPLICA_SET, { namespace: 'default' })].sort(
      (a, b) => revision(a) - revision(b),
    );
  const setImage = (tag: string) =>
    test.cluster.patch(ref, {
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: 'web',
                image: `registry.fernway.example/test/web:${tag}`,
              },
            ],
          },
        },
      },
    });

  it('become available through a ReplicaSet and its pods', async () => {
    test.cluster.create(
      deployment({
        replicas: 3,
        container: { readinessProbe: { httpGet: { path: '/', port: 80 } } },
      }),
    );
    await test.until(isComplete(3));

    expect(read().metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '1',
    });
    expect(condition('Available')).toMatchObject({
      status: 'True',
      reason: 'MinimumReplicasAvailable',
    });
    const [replicaSet] = replicaSets();
    const hash = replicaSet.metadata.labels!['pod-template-hash'];
    expect(replicaSet.metadata.name).toBe(`web-${hash}`);
    expect(condition('Progressing')).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: `ReplicaSet "web-${hash}" has successfully progressed.`,
    });

    const pods = test.pods();
    expect(pods).toHaveLength(3);
    expect(new Set(pods.map(pod => pod.spec.nodeName)).size).toBe(3);
    expect(new Set(pods.map(pod => pod.status.podIP)).size).toBe(3);
    const [pod] = pods;
    expect(pod.metadata.name).toMatch(new RegExp(`^web-${hash}-[a-z0-9]{5}$`));
    expect(pod.metadata.labels).toEqual({
      app: 'web',
      'pod-template-hash': hash,
    });
    expect(pod.metadata.ownerReferences).toEqual([
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        name: replicaSet.metadata.name,
        uid: replicaSet.metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ]);
    expect(pod.status).toMatchObject({
      phase: 'Running',
      podIP: expect.stringMatching(/^10\.244\./),
      qosClass: 'BestEffort',
      containerStatuses: [
        {
          name: 'web',
          ready: true,
          started: true,
          restartCount: 0,
          image: 'registry.fernway.example/test/web:1.0.0',
          imageID: expect.stringMatching(
            /^registry\.fernway\.example\/test\/web@sha256:[0-9a-f]{64}$/,
          ),
          containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/),
          state: { running: { startedAt: expect.any(String) } },
          lastState: {},
        },
      ],
    });
    for (const type of [
      'PodScheduled',
      'PodReadyToStartContainers',
      'Initialized',
      'ContainersReady',
      'Ready',
    ]) {
      expect(findCondition(pod.status.conditions, type)?.status).toBe('True');
    }
    expect(test.events('web')).toEqual(
      expect.arrayContaining([
        `ScalingReplicaSet: Scaled up replica set web-${hash} from 0 to 3`,
        `SuccessfulCreate: Created pod: ${pod.metadata.name}`,
        `Scheduled: Successfully assigned default/${pod.metadata.name} to ${pod.spec.nodeName}`,
        'Pulling: Pulling image "registry.fernway.example/test/web:1.0.0"',
        'Created: Created container: web',
        'Started: Started container web',
      ]),
    );
  });

  it('roll a new version out within their bounds, and back', async () => {
    test.cluster.create(
      deployment({
        replicas: 4,
        spec: {
          strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        },
      }),
    );
    await test.until(isComplete(4));

    let most = 0;
    let least = 99;
    const end = test.cluster.watch(DEPLOYMENT, ({ object }) => {
      most = Math.max(most, object.status?.replicas ?? 0);
      least = Math.min(least, object.status?.availableReplicas ?? 0);
    });
    setImage('1.1.0');
    await test.until(isComplete(4));
    end();
    expect({ most, least }).toEqual({ most: 5, least: 4 });
    expect(replicaSets().map(({ spec }) => spec.replicas)).toEqual([0, 4]);

    // As `kubectl rollout undo` does: the template of the older ReplicaSet.
    const [old] = replicaSets();
    setImage('1.0.0');
    await test.until(isComplete(4));
    expect(replicaSets().map(({ spec }) => spec.replicas)).toEqual([0, 4]);
    const [, current] = replicaSets();
    expect(current.metadata.uid).toBe(old.metadata.uid);
    expect(current.metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
      'deployment.kubernetes.io/revision-history': '1',
    });
    expect(read().metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
    });
  });

  it('keep the old version when the new one does not start, and say so after the deadline', async () => {
    test.cluster.create(
      deployment({ replicas: 4, spec: { progressDeadlineSeconds: 20 } }),
    );
    await test.until(isComplete(4));
    setImage('1.1.0-does-not-exist');
    await test.until(
      () => condition('Progressing')?.reason === 'ProgressDeadlineExceeded',
    );
    const [before, after] = replicaSets();
    expect(condition('Progressing')).toMatchObject({
      status: 'False',
      message: `ReplicaSet "${after.metadata.name}" has timed out progressing.`,
    });
    expect(condition('Available')).toMatchObject({ status: 'True' });
    // 25 percent of 4: one more, one less.
    expect(before.spec.replicas).toBe(3);
    expect(after.spec.replicas).toBe(2);
    expect(read().status).toMatchObject({
      availableReplicas: 3,
      unavailableReplicas: 2,
      updatedReplicas: 2,
    });

    setImage('1.0.0');
    await test.until(isComplete(4));
    expect(condition('Progressing')).toMatchObject({ status: 'True' });
  });

  it('follow a change of their size, also to nothing and back', async () => {
    test.cluster.create(deployment({ replicas: 2 }));
    await test.until(isComplete(2));
    for (const replicas of [5, 1, 0, 3]) {
      test.cluster.patch(ref, { spec: { replicas } });
      await test.until(() => {
        const { status, metadata } = read();
        return (
          status.observedGeneration === metadata.generation &&
          (status.replicas ?? 0) === replicas &&
          (status.availableReplicas ?? 0) === replicas
        );
      });
    }
    expect(replicaSets()).toHaveLength(1);
    expect(test.events('web')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/Scaled up replica set web-\w+ from 2 to 5/),
        expect.stringMatching(/Scaled down replica set web-\w+ from 5 to 1/),
        expect.stringMatching(/Scaled up replica set web-\w+ from 0 to 3/),
      ]),
    );
  });

  it('wait while paused, stop all before with Recreate, and keep the history asked for', async () => {
    test.cluster.create(
      deployment({
        replicas: 2,
        spec: {
          paused: true,
          revisionHistoryLimit: 1,
          strategy: { type: 'Recreate' },
        },
      }),
    );
    await test.until(
      () => condition('Progressing')?.reason === 'DeploymentPaused',
    );
    expect(replicaSets()).toEqual([]);
    test.cluster.patch(ref, { spec: { paused: false } });
    await test.until(isComplete(2));

    for (const tag of ['1.1.0', '1.2.0', '1.3.0']) {
      let most = 0;
      const end = test.cluster.watch(DEPLOYMENT, ({ object }) => {
        most = Math.max(most, object.status?.replicas ?? 0);
      });
      setImage(tag);
      await test.until(isComplete(2));
      end();
      expect(most).toBe(2);
    }
    await test.until(() => replicaSets().length === 2);
  });

  it('say when their pods are refused, and go on when they no longer are', async () => {
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'team', namespace: 'default' },
    };
    test.cluster.create({ ...quota, spec: { hard: { pods: '1' } } });
    test.cluster.create(deployment({ replicas: 2 }));
    await test.until(() => condition('ReplicaFailure'));
    expect(condition('ReplicaFailure')).toMatchObject({
      status: 'True',
      reason: 'FailedCreate',
      message: expect.stringMatching(
        /^pods "web-\w+-\w*" is forbidden: exceeded quota: team, requested: pods=1, used: pods=1, limited: pods=1$/,
      ),
    });
    await test.until(
      () =>
        test.get({ ...quota, namespace: 'default', name: 'team' }).status?.used
          ?.pods === '1',
    );
    test.cluster.patch(
      { ...quota, namespace: 'default', name: 'team' },
      { spec: { hard: { pods: '5' } } },
    );
    await test.until(isComplete(2));
    expect(condition('ReplicaFailure')).toBeUndefined();
  });

  it('take their ReplicaSets and pods with them', async () => {
    test.cluster.create(deployment({ replicas: 2 }));
    await test.until(isComplete(2));
    test.cluster.delete(ref);
    await test.until(
      () => test.pods().length === 0 && replicaSets().length === 0,
    );
    // After everything is at rest nothing runs.
    await new Promise(resolve => setTimeout(resolve, 100));
    const before = test.controllers.reconciles;
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(test.controllers.reconciles).toBe(before);
  });
});

function revision(replicaSet: KubernetesObject): number {
  return Number(
    replicaSet.metadata.annotations?.['deployment.kubernetes.io/revision'],
  );
}
