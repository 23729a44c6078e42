import type { KubernetesObject } from '@waystone/integrations';
import { judge } from '../model/judge';
import { toObservedWorkload } from './toObservedWorkload';

const workload = (
  status: object | undefined,
  changes: { metadata?: object; spec?: object } = {},
): KubernetesObject => ({
  metadata: {
    name: 'orders',
    namespace: 'shop-production',
    generation: 2,
    labels: { 'backstage.io/kubernetes-id': 'orders' },
    ...changes.metadata,
  },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'orders' } },
    template: { spec: { containers: [{ image: 'r.example/orders:1.2.0' }] } },
    ...changes.spec,
  },
  ...(status && { status }),
});

const done = {
  observedGeneration: 2,
  updatedReplicas: 2,
  availableReplicas: 2,
};

describe('toObservedWorkload', () => {
  it('knows a Deployment that works: its version, and when it got there', () => {
    const observed = toObservedWorkload(
      'Deployment',
      workload({
        ...done,
        conditions: [
          {
            type: 'Progressing',
            status: 'True',
            reason: 'NewReplicaSetAvailable',
            lastUpdateTime: '2026-01-01T00:00:00Z',
          },
        ],
      }),
    )!;
    expect(observed).toMatchObject({
      id: 'shop-production/Deployment/orders',
      health: 'healthy',
      images: ['r.example/orders:1.2.0'],
      selector: { app: 'orders' },
      past: [{ startedAt: '2026-01-01T00:00:00.000Z', outcome: 'succeeded' }],
    });
    expect(judge(observed)).toBe('healthy');
  });

  it.each([
    ['Deployment', 'progressing', undefined, /not looked at/],
    [
      'Deployment',
      'progressing',
      { ...done, observedGeneration: 1 },
      /not looked/,
    ],
    ['Deployment', 'progressing', { ...done, availableReplicas: 1 }, /1 of 2/],
    [
      'Deployment',
      'degraded',
      {
        ...done,
        conditions: [
          {
            type: 'Progressing',
            status: 'False',
            reason: 'ProgressDeadlineExceeded',
            message: 'it took too long',
          },
        ],
      },
      /took too long/,
    ],
    [
      'DaemonSet',
      'progressing',
      {
        observedGeneration: 2,
        desiredNumberScheduled: 3,
        updatedNumberScheduled: 3,
        numberAvailable: 2,
      },
      /2 of 3/,
    ],
    ['StatefulSet', 'healthy', done, undefined],
    [
      'Rollout',
      'healthy',
      { observedGeneration: '2', phase: 'Healthy' },
      undefined,
    ],
    [
      'Rollout',
      'suspended',
      { observedGeneration: '2', phase: 'Paused' },
      /promotes/,
    ],
    [
      'Rollout',
      'degraded',
      {
        observedGeneration: '2',
        phase: 'Degraded',
        abort: true,
        message: 'analysis failed',
      },
      /aborted; the version before serves\. analysis failed/,
    ],
    [
      'Rollout',
      'progressing',
      { observedGeneration: '1', phase: 'Healthy' },
      /not looked/,
    ],
    [
      'Rollout',
      'progressing',
      { observedGeneration: '2', phase: 'Paused', controllerPause: true },
      undefined,
    ],
  ] as const)('%s is %s by %j', (kind, health, status, reason) => {
    const observed = toObservedWorkload(kind, workload(status))!;
    expect(observed.health).toBe(health);
    expect(observed.reason ?? '').toMatch(reason ?? /^$/);
  });

  it('leaves what Argo CD deploys, what others own, and what is none', () => {
    for (const metadata of [
      {
        annotations: {
          'argocd.argoproj.io/tracking-id': 'orders:apps/Deployment:x',
        },
      },
      { labels: { 'app.kubernetes.io/managed-by': 'argocd' } },
      {
        ownerReferences: [
          { apiVersion: 'x/v1', kind: 'X', name: 'x', uid: 'x' },
        ],
      },
    ]) {
      expect(
        toObservedWorkload('Deployment', workload(done, { metadata })),
      ).toBeUndefined();
    }
    expect(
      toObservedWorkload('Deployment', { metadata: { name: 'x' } }),
    ).toBeUndefined();
  });
});
