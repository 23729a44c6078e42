import type {
  ArgoCdApplication,
  ArgoCdResourceNode,
  ArgoCdResourceTree,
} from '@waystone/integrations';
import type { Health, Sync } from '@waystone/plugin-delivery-common';
import type {
  DeliveryProblem,
  InspectedObject,
  Inspection,
} from '@waystone/plugin-delivery-node';

const HEALTH: Readonly<Record<string, Health>> = {
  Healthy: 'healthy',
  Progressing: 'progressing',
  Degraded: 'degraded',
  Suspended: 'suspended',
  Missing: 'missing',
};

const SYNC: Readonly<Record<string, Sync>> = {
  Synced: 'synced',
  OutOfSync: 'out-of-sync',
};

/** Argo CD's conditions that are errors, and at what they happened. */
const STAGES: Readonly<Record<string, DeliveryProblem['stage']>> = {
  InvalidSpecError: 'specification',
  ComparisonError: 'render',
  SyncError: 'apply',
  DeletionError: 'apply',
};

/** Makes of an Application and its resource tree what the pillar reads of them. */
export function toInspection(
  application: ArgoCdApplication,
  tree: ArgoCdResourceTree,
): Inspection {
  return {
    problems: toProblems(application),
    objects: toObjects(application, tree),
  };
}

function toProblems({ status }: ArgoCdApplication): DeliveryProblem[] {
  const attempt = status?.operationState;
  const failed = attempt?.phase === 'Failed' || attempt?.phase === 'Error';
  const refused = failed
    ? (attempt.syncResult?.resources ?? []).flatMap(
        ({ group, hookPhase, hookType, kind, message, name, ...rest }) => {
          const isHook = hookType && /Failed|Error/.test(hookPhase ?? '');
          return isHook || rest.status === 'SyncFailed'
            ? [
                {
                  stage: isHook ? ('hook' as const) : ('apply' as const),
                  message: message ?? attempt.message ?? 'It failed.',
                  object: { group, kind, name, namespace: rest.namespace },
                  at: toTime(attempt.finishedAt),
                },
              ]
            : [];
        },
      )
    : [];
  const conditions = (status?.conditions ?? [])
    .filter(({ type }) => type.endsWith('Error'))
    .map(({ lastTransitionTime, message, type }) => ({
      stage: STAGES[type] ?? 'apply',
      message: message ?? type,
      at: toTime(lastTransitionTime),
    }));
  // What Argo CD says of the whole repeats what it says of the objects.
  const whole: DeliveryProblem[] =
    failed && refused.length === 0
      ? [
          {
            stage: 'apply',
            message: attempt.message ?? 'The sync failed.',
            at: toTime(attempt.finishedAt),
          },
        ]
      : [];
  return [
    ...conditions.filter(({ stage }) => stage !== 'apply'),
    ...refused,
    ...whole,
    ...(failed ? [] : conditions.filter(({ stage }) => stage === 'apply')),
  ];
}

function toObjects(
  { status }: ArgoCdApplication,
  { nodes }: ArgoCdResourceTree,
): InspectedObject[] {
  const syncs = new Map(
    (status?.resources ?? []).map(resource => [keyOf(resource), resource]),
  );
  const ids = new Set(nodes.map(idOf));
  const objects = nodes.map((node): InspectedObject => {
    const parent = node.parentRefs.map(idOf).find(id => ids.has(id));
    const managed = parent ? undefined : syncs.get(keyOf(node));
    const health = node.health ?? managed?.health;
    return {
      id: idOf(node),
      parent,
      group: node.group,
      kind: node.kind,
      namespace: node.namespace,
      name: node.name,
      health: health?.status && (HEALTH[health.status] ?? 'unknown'),
      message: health?.message,
      sync: managed?.status && (SYNC[managed.status] ?? 'unknown'),
      createdAt: toTime(node.createdAt),
    };
  });
  return [
    ...objects.filter(({ parent }) => !parent),
    ...objects.filter(({ parent }) => parent),
  ];
}

function idOf(
  node: Pick<ArgoCdResourceNode, 'uid' | 'kind' | 'name'> & KeyParts,
) {
  return node.uid ?? keyOf(node);
}

interface KeyParts {
  readonly group?: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

function keyOf({ group, kind, name, namespace }: KeyParts): string {
  return [group ?? '', kind, namespace ?? '', name].join('/');
}

function toTime(value: string | undefined): string | undefined {
  const time = new Date(value ?? '');
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
