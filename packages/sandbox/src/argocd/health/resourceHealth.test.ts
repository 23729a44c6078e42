import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import { resourceHealth } from './resourceHealth';

const object = (
  type: string,
  spec: object,
  status: object | undefined,
  metadata: object = {},
): KubernetesObject => {
  const at = type.lastIndexOf('/');
  return {
    apiVersion: type.slice(0, at),
    kind: type.slice(at + 1),
    metadata: { name: 'web', generation: 2, ...metadata },
    spec,
    ...(status && { status }),
  };
};
const replicas = (updated: number, available: number, total = updated) => ({
  observedGeneration: 2,
  replicas: total,
  updatedReplicas: updated,
  availableReplicas: available,
});
const condition = (type: string, status: string, reason = 'r') => ({
  conditions: [{ type, status, reason, message: `about ${type}` }],
});

// The same as Argo CD 3.5.1 says, whose own cases these are taken after.
describe('health', () => {
  it.each([
    ['apps/v1/Deployment', { replicas: 2 }, replicas(2, 2), 'Healthy'],
    ['apps/v1/Deployment', { replicas: 2 }, replicas(1, 1), 'Progressing'],
    ['apps/v1/Deployment', { replicas: 2 }, replicas(2, 2, 3), 'Progressing'],
    ['apps/v1/Deployment', { replicas: 2 }, replicas(2, 1), 'Progressing'],
    [
      'apps/v1/Deployment',
      { replicas: 2 },
      { observedGeneration: 1 },
      'Progressing',
    ],
    ['apps/v1/Deployment', { paused: true }, {}, 'Suspended'],
    [
      'apps/v1/Deployment',
      { replicas: 2 },
      {
        ...replicas(1, 1),
        ...condition('Progressing', 'False', 'ProgressDeadlineExceeded'),
      },
      'Degraded',
    ],
    [
      'apps/v1/ReplicaSet',
      { replicas: 1 },
      { observedGeneration: 2, ...condition('ReplicaFailure', 'True') },
      'Degraded',
    ],
    [
      'v1/Pod',
      {},
      {
        phase: 'Pending',
        containerStatuses: [
          { state: { waiting: { reason: 'ImagePullBackOff', message: 'no' } } },
        ],
      },
      'Degraded',
    ],
    ['v1/Pod', { restartPolicy: 'Never' }, { phase: 'Running' }, 'Progressing'],
    [
      'v1/Pod',
      {},
      { phase: 'Running', ...condition('Ready', 'True') },
      'Healthy',
    ],
    ['v1/Service', { type: 'LoadBalancer' }, {}, 'Progressing'],
    ['v1/Service', {}, {}, 'Healthy'],
    ['v1/PersistentVolumeClaim', {}, { phase: 'Lost' }, 'Degraded'],
    ['batch/v1/Job', {}, condition('Failed', 'True'), 'Degraded'],
    ['batch/v1/Job', {}, condition('Suspended', 'True'), 'Suspended'],
    [
      'autoscaling/v2/HorizontalPodAutoscaler',
      {},
      condition('ScalingActive', 'False', 'FailedGetResourceMetric'),
      'Degraded',
    ],
    [
      'argoproj.io/v1alpha1/Rollout',
      {},
      { observedGeneration: '2', phase: 'Paused' },
      'Suspended',
    ],
    [
      'argoproj.io/v1alpha1/Rollout',
      {},
      { observedGeneration: '1', phase: 'Healthy' },
      'Progressing',
    ],
    [
      'postgresql.cnpg.io/v1/Cluster',
      {},
      { phase: 'Failing over', conditions: [] },
      'Degraded',
    ],
    [
      'platform.waystone.dev/v1alpha1/PostgreSQLInstance',
      {},
      undefined,
      'Progressing',
    ],
    [
      'platform.waystone.dev/v1alpha1/PostgreSQLInstance',
      {},
      condition('Ready', 'True'),
      'Healthy',
    ],
    [
      'platform.waystone.dev/v1alpha1/PostgreSQLInstance',
      {},
      condition('Synced', 'False'),
      'Degraded',
    ],
    ['v1/ConfigMap', {}, undefined, undefined],
    [
      'argoproj.io/v1alpha1/Application',
      {},
      { health: { status: 'Degraded' } },
      undefined,
    ],
  ])('%s %j with %j is %s', (type, spec, status, expected) => {
    expect(resourceHealth(object(type, spec, status))?.status).toBe(expected);
  });

  it('waits for what is being deleted', () => {
    expect(
      resourceHealth(
        object('v1/ConfigMap', {}, undefined, {
          deletionTimestamp: '2026-01-01T00:00:00Z',
        }),
      ),
    ).toEqual({ status: 'Progressing', message: 'Pending deletion' });
  });
});
