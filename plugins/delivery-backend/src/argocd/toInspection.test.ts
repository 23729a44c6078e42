import { toInspection } from './toInspection';

const metadata = {
  name: 'orders',
  namespace: undefined,
  uid: undefined,
  resourceVersion: undefined,
  labels: {},
  annotations: {},
  creationTimestamp: undefined,
  deletionTimestamp: undefined,
};
const none = { nodes: [], orphanedNodes: [] };
const node = (kind: string, name: string, extra: object = {}) => ({
  kind,
  name,
  namespace: 'shop',
  group: undefined,
  version: 'v1',
  uid: name,
  parentRefs: [],
  info: [],
  images: [],
  createdAt: undefined,
  resourceVersion: undefined,
  ...extra,
});

describe('toInspection', () => {
  it('takes an Application that nobody has looked at yet', () => {
    expect(toInspection({ metadata }, none)).toEqual({
      problems: [],
      objects: [],
    });
  });

  it('names what was refused and the hook that failed, and not the whole again', () => {
    const result = (name: string, extra: object) => ({
      group: 'batch',
      version: 'v1',
      kind: 'Job',
      namespace: 'shop',
      name,
      status: undefined,
      message: undefined,
      hookType: undefined,
      hookPhase: undefined,
      syncPhase: undefined,
      ...extra,
    });
    const { problems } = toInspection(
      {
        metadata,
        status: {
          resources: [],
          history: [],
          conditions: [
            {
              type: 'SyncError',
              message: 'Failed sync attempt',
              lastTransitionTime: undefined,
            },
            {
              type: 'ComparisonError',
              message: 'rpc error: bad yaml',
              lastTransitionTime: '2026-01-01T00:00:00Z',
            },
            {
              type: 'OrphanedResourceWarning',
              message: 'orphans',
              lastTransitionTime: undefined,
            },
          ],
          operationState: {
            phase: 'Failed',
            message: 'one or more objects failed to apply',
            startedAt: '2026-01-01T00:00:00Z',
            finishedAt: 'yesterday',
            syncResult: {
              revision: 'c1',
              revisions: [],
              resources: [
                result('migrate', {
                  hookType: 'PreSync',
                  hookPhase: 'Failed',
                  message: 'Job has reached the specified backoff limit',
                }),
                result('seed', { status: 'SyncFailed' }),
                result('fine', { status: 'Synced', hookPhase: 'Running' }),
              ],
            },
          },
          reconciledAt: undefined,
        },
      },
      none,
    );
    expect(problems).toEqual([
      {
        stage: 'render',
        message: 'rpc error: bad yaml',
        at: '2026-01-01T00:00:00.000Z',
      },
      {
        stage: 'hook',
        message: 'Job has reached the specified backoff limit',
        object: {
          group: 'batch',
          kind: 'Job',
          name: 'migrate',
          namespace: 'shop',
        },
        at: undefined,
      },
      {
        stage: 'apply',
        message: 'one or more objects failed to apply',
        object: {
          group: 'batch',
          kind: 'Job',
          name: 'seed',
          namespace: 'shop',
        },
        at: undefined,
      },
    ]);
  });

  it('links what runs to what it came from', () => {
    const pod = node('Pod', 'orders-1', {
      parentRefs: [
        {
          kind: 'ReplicaSet',
          name: 'orders',
          group: 'apps',
          version: 'v1',
          namespace: 'shop',
          uid: 'orders-rs',
        },
      ],
      health: {
        status: 'Degraded',
        message: 'back-off',
        lastTransitionTime: undefined,
      },
    });
    const { objects } = toInspection(
      { metadata },
      {
        nodes: [pod, node('ReplicaSet', 'orders-rs', { group: 'apps' })],
        orphanedNodes: [],
      },
    );
    expect(objects).toMatchObject([
      { id: 'orders-rs', parent: undefined },
      {
        id: 'orders-1',
        parent: 'orders-rs',
        health: 'degraded',
        message: 'back-off',
      },
    ]);
  });
});
