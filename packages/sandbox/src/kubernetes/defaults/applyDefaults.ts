import type { KubernetesObject } from '../KubernetesCluster';
import type { ResourceType } from '../resources/ResourceType';
import { findSchema } from '../schema/SchemaCatalog';
import type { ObjectStore } from '../store/ObjectStore';
import { allocateService } from './allocateService';
import { kindDefaults } from './kindDefaults';
import { applySchemaDefaults } from './schemaDefaults';

/**
 * Fills in what the server fills in.
 *
 * @param live - what is stored; undefined for a new object
 */
export function applyDefaults(
  type: ResourceType,
  object: KubernetesObject,
  live: KubernetesObject | undefined,
  store: ObjectStore,
): KubernetesObject {
  if (type.custom) {
    return applySchemaDefaults(findSchema(type), object);
  }
  const fill = kindDefaults[type.storageKind];
  const filled = (fill?.(object) ?? object) as KubernetesObject;
  switch (type.storageKind) {
    case '/Namespace':
      return defaultNamespace(filled, live);
    case '/Service':
      return allocateService(filled, live, store);
    case '/Pod':
      return live ? filled : admitPod(filled);
    default:
      return live || !type.hasStatus || !STARTS_WITH_STATUS.has(type.kind)
        ? filled
        : { ...filled, status: filled.status ?? {} };
  }
}

/** Kinds whose status is there, empty, from the start. */
const STARTS_WITH_STATUS = new Set([
  'CronJob',
  'Deployment',
  'Job',
]);

function defaultNamespace(
  namespace: KubernetesObject,
  live: KubernetesObject | undefined,
): KubernetesObject {
  const { name, labels } = namespace.metadata;
  return {
    ...namespace,
    metadata: {
      ...namespace.metadata,
      labels: { ...labels, 'kubernetes.io/metadata.name': name! },
    },
    spec: live ? namespace.spec ?? {} : { finalizers: ['kubernetes'] },
    status: { phase: 'Active', ...namespace.status },
  };
}

/** What admission makes of a new pod: its account, its priority, and how long it stays on nodes that fail. */
function admitPod(pod: KubernetesObject): KubernetesObject {
  const tolerations: readonly any[] = pod.spec.tolerations ?? [];
  const missing = ['not-ready', 'unreachable']
    .map(condition => `node.kubernetes.io/${condition}`)
    .filter(
      key =>
        !tolerations.some(
          toleration => !toleration.key || toleration.key === key,
        ),
    )
    .map(key => ({
      key,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    }));
  return {
    ...pod,
    spec: {
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      ...pod.spec,
      serviceAccountName: pod.spec.serviceAccountName ?? 'default',
      serviceAccount: pod.spec.serviceAccount ?? 'default',
      tolerations: [...tolerations, ...missing],
    },
    status: { phase: 'Pending', qosClass: qualityOf(pod), ...pod.status },
  };
}

function qualityOf(pod: KubernetesObject): string {
  const all: readonly any[] = [
    ...(pod.spec.containers ?? []),
    ...(pod.spec.initContainers ?? []),
  ];
  const names = ['cpu', 'memory'];
  if (
    all.every(container =>
      names.every(
        name =>
          container.resources?.requests?.[name] === undefined &&
          container.resources?.limits?.[name] === undefined,
      ),
    )
  ) {
    return 'BestEffort';
  }
  return all.every(container =>
    names.every(name => {
      const limit = container.resources?.limits?.[name];
      return (
        limit !== undefined && container.resources?.requests?.[name] === limit
      );
    }),
  )
    ? 'Guaranteed'
    : 'Burstable';
}
