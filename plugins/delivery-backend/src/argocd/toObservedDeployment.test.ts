import type { CachedApplication } from '@waystone/integrations';
import { judge } from '../model/judge';
import { toObservedDeployment } from './toObservedDeployment';

type Status = NonNullable<CachedApplication['status']>;

function application(status: Partial<Status> | null): CachedApplication {
  return {
    metadata: {
      name: 'orders-staging',
      namespace: 'argocd',
      uid: 'a',
      resourceVersion: '1',
      labels: { 'backstage.io/kubernetes-id': 'orders' },
      annotations: {},
      creationTimestamp: undefined,
      deletionTimestamp: undefined,
    },
    spec: {
      project: 'shop',
      source: {
        repoURL: 'https://ci:hidden@git.example.com/shop/orders.git',
        path: 'deploy/staging',
        targetRevision: 'main',
        chart: undefined,
      },
      sources: [],
      destination: {
        name: 'nonprod',
        server: undefined,
        namespace: 'shop-staging',
      },
    },
    status: status && {
      sync: { status: 'Synced', revision: 'c2', revisions: [] },
      health: {
        status: 'Healthy',
        message: undefined,
        lastTransitionTime: '2026-01-02T03:04:05Z',
      },
      conditions: [],
      history: [],
      resourceCount: 3,
      outOfSync: [],
      reconciledAt: undefined,
      ...status,
    },
  };
}

const observe = (status: Partial<Status> | null) =>
  toObservedDeployment(application(status), { id: 'argocd/orders-staging' });

const entry = (id: number, revision: string, time: string) => ({
  id,
  revision,
  revisions: [],
  deployedAt: `2026-01-02T${time}:30Z`,
  deployStartedAt: `2026-01-02T${time}:00Z`,
  source: undefined,
  sources: [],
  initiatedBy: { username: 'ci', automated: false },
});

const attempt = (phase: 'Running' | 'Failed' | 'Succeeded' | 'Error') => ({
  phase,
  message: 'one or more objects failed to apply',
  startedAt: '2026-01-02T12:00:00Z',
  finishedAt: undefined,
  syncResult: { revision: 'c3', revisions: [], resources: [] },
  operation: { initiatedBy: { username: undefined, automated: true } },
});

describe('toObservedDeployment', () => {
  it('keeps what is read, in our words, and no credentials', () => {
    const observed = observe({
      history: [entry(0, 'c1', '08:00'), entry(1, 'c2', '09:00')],
      operationState: attempt('Succeeded'),
      summary: { images: ['r.example/shop/orders:2.0.0'], externalURLs: [] },
    });
    expect(observed).toMatchObject({
      cluster: 'nonprod',
      namespace: 'shop-staging',
      sync: 'synced',
      health: 'healthy',
      healthSince: '2026-01-02T03:04:05.000Z',
      reason: undefined,
      failed: false,
      revision: 'c2',
      repository: 'https://git.example.com/shop/orders.git',
      drifted: 0,
      past: [
        {
          startedAt: '2026-01-02T08:00:00.000Z',
          finishedAt: '2026-01-02T08:00:30.000Z',
          outcome: 'succeeded',
          revision: 'c1',
          initiator: { name: 'ci', automated: false },
        },
        { revision: 'c2', images: ['r.example/shop/orders:2.0.0'] },
      ],
    });
    expect(observed.past).toHaveLength(2);
    expect(JSON.stringify(observed)).not.toContain('hidden');
  });

  it('remembers an attempt that failed, and one that is under way', () => {
    expect(observe({ operationState: attempt('Failed') }).past).toEqual([
      {
        startedAt: '2026-01-02T12:00:00.000Z',
        finishedAt: undefined,
        outcome: 'failed',
        revision: 'c3',
        message: 'one or more objects failed to apply',
        initiator: { name: undefined, automated: true },
      },
    ]);
    expect(observe({ operationState: attempt('Running') }).past).toMatchObject([
      { outcome: 'running' },
    ]);
    expect(observe({ operationState: attempt('Succeeded') }).past).toEqual([]);
  });

  it('takes times that are none, and an Application without a status', () => {
    expect(
      observe({
        history: [{ ...entry(0, 'c1', 'x'), deployStartedAt: 'yesterday' }],
        health: {
          status: 'Healthy',
          message: undefined,
          lastTransitionTime: 'never',
        },
      }),
    ).toMatchObject({ past: [], healthSince: undefined });
    expect(observe(null)).toMatchObject({
      sync: 'unknown',
      health: 'unknown',
      reason: 'Argo CD has not looked at it yet.',
      images: [],
      past: [],
    });
  });

  const outOfSync = (name: string) => ({
    group: 'apps',
    kind: 'Deployment',
    namespace: 'shop',
    name,
    requiresPruning: undefined,
  });
  const health = (status: string, message?: string) => ({
    health: {
      status,
      message,
      lastTransitionTime: undefined,
    } as Status['health'],
  });

  it.each<[string, Partial<Status>, string, RegExp | undefined]>([
    ['healthy and synced', {}, 'healthy', undefined],
    [
      'a drift',
      {
        sync: { status: 'OutOfSync', revision: 'c', revisions: [] },
        outOfSync: ['a', 'b', 'c'].map(outOfSync),
      },
      'attention',
      /Deployment a, Deployment b and 1 more/,
    ],
    [
      'degraded',
      health('Degraded', 'Deployment\n exceeded its deadline'),
      'critical',
      /^Deployment exceeded its deadline$/,
    ],
    ['progressing', health('Progressing'), 'progressing', /replaced/],
    ['never deployed', health('Missing'), 'attention', /never deployed/],
    [
      'gone from the cluster',
      { ...health('Missing'), history: [entry(0, 'c1', '08:00')] },
      'critical',
      /not in the cluster/,
    ],
    ['suspended', health('Suspended'), 'attention', /suspended/],
    [
      'cannot be rendered',
      {
        conditions: [
          {
            type: 'ComparisonError',
            message: `kustomize: ${'x'.repeat(1000)}`,
            lastTransitionTime: undefined,
          },
        ],
      },
      'critical',
      /^Argo CD reports ComparisonError: kustomize: x{200,300}…$/,
    ],
    [
      'a sync that failed, although what is there works',
      { operationState: attempt('Error') },
      'critical',
      /last sync failed: one or more/,
    ],
    [
      'only a warning',
      {
        conditions: [
          {
            type: 'OrphanedResourceWarning',
            message: 'x',
            lastTransitionTime: undefined,
          },
        ],
      },
      'healthy',
      undefined,
    ],
    [
      'nobody knows',
      { sync: { status: 'Unknown', revision: undefined, revisions: [] } },
      'unknown',
      /does not know/,
    ],
  ])('judges: %s', (_, status, state, reason) => {
    const observed = observe(status);
    expect(judge(observed)).toBe(state);
    expect(observed.reason ?? '').toMatch(reason ?? /^$/);
  });
});
