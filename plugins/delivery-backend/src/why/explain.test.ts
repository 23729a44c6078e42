import type { KubernetesEvent } from '@waystone/integrations';
import type { Cause } from '@waystone/plugin-delivery-common';
import { explain } from './explain';
import { toPodState } from './PodState';
import type { PodState } from './PodState';
import type { Situation } from './Situation';

const situation = (changes: Partial<Situation>): Situation => ({
  state: 'critical',
  problems: [],
  objects: [],
  pods: [],
  events: [],
  logs: [],
  ...changes,
});

/** A pod as the API has it, with one container in a state. */
function pod(options: {
  readonly name?: string;
  readonly state?: object;
  readonly lastState?: object;
  readonly restartCount?: number;
  readonly status?: object;
  readonly metadata?: object;
}): PodState {
  const { lastState, name = 'orders-1', restartCount = 0, state } = options;
  return toPodState({
    metadata: {
      name,
      namespace: 'shop',
      uid: name,
      creationTimestamp: '2026-01-01T10:00:00Z',
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: 'orders',
          uid: 'rs',
          controller: true,
        },
      ],
      ...options.metadata,
    },
    spec: { containers: [{ name: 'orders', image: 'r.example/orders:1' }] },
    status: {
      phase: 'Running',
      containerStatuses: [{ name: 'orders', restartCount, state, lastState }],
      ...options.status,
    },
  })!;
}

const log = (...lines: string[]) => ({
  pod: 'orders-1',
  namespace: 'shop',
  container: 'orders',
  previous: true,
  lines,
});

const event = (changes: Partial<KubernetesEvent>): KubernetesEvent => ({
  type: 'Warning',
  reason: 'Unhealthy',
  message: 'Readiness probe failed: 503',
  count: 3,
  lastSeenAt: '2026-01-01T11:00:00.000000Z',
  regarding: {
    kind: 'Pod',
    name: 'orders-1',
    namespace: 'shop',
    uid: 'orders-1',
  },
  ...changes,
});

const crashing = pod({
  restartCount: 4,
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: { reason: 'Error', exitCode: 2 } },
});

const replicaSet = {
  id: 'rs',
  group: 'apps',
  kind: 'ReplicaSet',
  name: 'orders',
};

// What the stories of the sandbox do not show
const CASES: readonly (readonly [Cause, RegExp, Partial<Situation>])[] = [
  [
    'repository-unreachable',
    /cannot be read: .*authentication required/,
    {
      problems: [
        {
          stage: 'render',
          message: 'failed to list refs: authentication required',
        },
      ],
    },
  ],
  [
    'specification-invalid',
    /is not said rightly/,
    {
      problems: [
        {
          stage: 'specification',
          message:
            "application destination {prod shop} is not permitted in project 'shop'",
        },
      ],
    },
  ],
  [
    'sync-failed',
    /Service orders could not be applied: .*unknown field/,
    {
      problems: [
        {
          stage: 'apply',
          message: 'error validating data: unknown field "spec.prots"',
          object: { kind: 'Service', name: 'orders' },
        },
      ],
    },
  ],
  [
    'quota-exceeded',
    /A pod of ReplicaSet orders would take more than the quota 'compute'/,
    {
      objects: [replicaSet],
      events: [
        event({
          reason: 'FailedCreate',
          message:
            'Error creating: pods "orders-2" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=10, limited: pods=10',
          regarding: { kind: 'ReplicaSet', name: 'orders', uid: 'rs' },
        }),
      ],
    },
  ],
  [
    'pods-refused',
    /refuses the pods of ReplicaSet orders: .*serviceaccount "orders" not found/,
    {
      objects: [replicaSet],
      events: [
        event({
          reason: 'FailedCreate',
          message:
            'Error creating: pods "orders-" is forbidden: error looking up service account shop/orders: serviceaccount "orders" not found',
          regarding: { kind: 'ReplicaSet', name: 'orders', uid: 'rs' },
        }),
      ],
    },
  ],
  [
    'container-not-started',
    /cannot be started: .*no such file/,
    {
      pods: [
        pod({
          state: { waiting: { reason: 'RunContainerError' } },
          lastState: {
            terminated: {
              reason: 'StartError',
              exitCode: 128,
              message:
                'exec: "/bin/orders": stat /bin/orders: no such file or directory',
            },
          },
        }),
      ],
    },
  ],
  [
    'evicted',
    /The node was low on resource: memory/,
    {
      pods: [
        pod({
          status: {
            phase: 'Failed',
            reason: 'Evicted',
            message: 'The node was low on resource: memory.',
            containerStatuses: [],
          },
        }),
      ],
    },
  ],
  [
    'dependency-unreachable',
    /cannot reach what it needs: .*ECONNREFUSED 10\.0\.0\.1:5432/,
    {
      pods: [crashing],
      logs: [log('Error: connect ECONNREFUSED 10.0.0.1:5432')],
    },
  ],
  [
    'certificate-expired',
    /The certificate 'orders-tls' has expired/,
    {
      objects: [
        {
          id: 'c',
          group: 'cert-manager.io',
          kind: 'Certificate',
          name: 'orders-tls',
          health: 'degraded',
          message: 'Certificate expired on 2026-01-01',
        },
      ],
    },
  ],
  [
    'unschedulable',
    /none has enough cpu and memory left \(1 of 2 pods are not ready\)/,
    {
      pods: [
        pod({
          name: 'orders-2',
          status: { conditions: [{ type: 'Ready', status: 'True' }] },
        }),
        pod({
          status: {
            phase: 'Pending',
            conditions: [
              {
                type: 'PodScheduled',
                status: 'False',
                reason: 'Unschedulable',
                message:
                  '0/3 nodes are available: 2 Insufficient cpu, 3 Insufficient memory. preemption: 0/3 nodes are available',
              },
            ],
          },
        }),
      ],
    },
  ],
  [
    'crash-loop',
    /crashes soon after its start with exit code 2, 4 times so far: panic: no rules\./,
    {
      pods: [crashing],
      logs: [
        log(
          '{"level":"info","msg":"starting"}',
          'panic: no rules',
          '\tat main.go:3',
        ),
      ],
    },
  ],
  [
    'rollout-stuck',
    /Deployment orders did not get its new version to run in time/,
    {
      objects: [
        {
          id: 'd',
          kind: 'Deployment',
          name: 'orders',
          health: 'degraded',
          message: 'Deployment "orders" exceeded its progress deadline',
        },
      ],
    },
  ],
  [
    'object-degraded',
    /Ingress orders does not work: no class/,
    {
      objects: [
        {
          id: 'i',
          kind: 'Ingress',
          name: 'orders',
          health: 'degraded',
          message: 'no class',
        },
      ],
    },
  ],
  [
    'objects-missing',
    /Service orders and 1 more are in Git, but not in the cluster/,
    {
      objects: ['orders', 'orders-admin'].map(name => ({
        id: name,
        kind: 'Service',
        name,
        health: 'missing' as const,
      })),
    },
  ],
  [
    'in-progress',
    /Its pods are being replaced/,
    { state: 'progressing', reason: 'Its pods are being replaced.' },
  ],
  [
    'out-of-sync',
    /ConfigMap orders is not as Git has it/,
    {
      state: 'attention',
      objects: [
        { id: 'c', kind: 'ConfigMap', name: 'orders', sync: 'out-of-sync' },
      ],
    },
  ],
];

describe('explain', () => {
  it.each(CASES)('%s: %s', (cause, words, changes) => {
    const { explanation } = explain(situation(changes));
    expect(explanation?.cause).toBe(cause);
    expect(explanation?.summary).toMatch(words);
    expect(explanation?.nextStep).toMatch(/\.$/);
  });

  it('says nothing where nothing is known', () => {
    expect(explain(situation({}))).toEqual({
      explanation: undefined,
      others: [],
    });
  });

  it('puts what was refused before what crashes, and names both', () => {
    const { explanation, others } = explain(
      situation({
        problems: [
          {
            stage: 'apply',
            message:
              'admission webhook "validation.gatekeeper.sh" denied the request: [allowed-registries] not from there',
            object: { kind: 'Deployment', name: 'orders' },
          },
        ],
        pods: [crashing],
      }),
    );
    expect(explanation?.summary).toBe(
      "Deployment orders was refused by the policy 'allowed-registries': not from there.",
    );
    expect(others.map(({ cause }) => cause)).toEqual(['crash-loop']);
  });

  it('does not repeat a refusal that is over, nor what pods that are leaving said', () => {
    const { explanation } = explain(
      situation({
        objects: [replicaSet],
        pods: [
          pod({ metadata: { creationTimestamp: '2026-01-01T12:00:00Z' } }),
          { ...crashing, deleting: true },
        ],
        events: [
          event({
            reason: 'FailedCreate',
            message: 'exceeded quota: compute, requested: pods=1',
            regarding: { kind: 'ReplicaSet', name: 'orders', uid: 'rs' },
          }),
        ],
      }),
    );
    expect(explanation).toBeUndefined();
  });

  it('masks secrets in every word it shows', () => {
    const answer = explain(
      situation({
        pods: [crashing],
        problems: [{ stage: 'render', message: 'bad token=abc123 in values' }],
        logs: [log('fatal: DB_PASSWORD=hunter2 refused')],
      }),
    );
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|abc123/);
    expect(JSON.stringify(answer)).toContain('***');
  });

  it('takes pods that are not what they should be', () => {
    expect(
      toPodState({ metadata: { name: 'x' }, status: 'gone' }),
    ).toBeUndefined();
    expect(toPodState({ metadata: { name: 'x' } })).toMatchObject({
      name: 'x',
      ready: false,
      containers: [],
    });
  });
});
