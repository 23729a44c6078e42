import { applyLimitRanges } from '../controllers/limitRanges';
import type { KubernetesObject } from '../KubernetesCluster';
import type { ResourceType } from '../resources/ResourceType';
import type { ObjectStore } from '../store/ObjectStore';
import { allocateService } from './allocateService';

/** The status with which objects begin. */
const FIRST_STATUS: Readonly<Record<string, Record<string, unknown>>> = {
  'apps/DaemonSet': {
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    desiredNumberScheduled: 0,
    numberReady: 0,
  },
  'apps/Deployment': {},
  'apps/ReplicaSet': { replicas: 0 },
  'apps/StatefulSet': { replicas: 0, availableReplicas: 0 },
  'autoscaling/HorizontalPodAutoscaler': {
    desiredReplicas: 0,
    currentMetrics: null,
  },
  'batch/CronJob': {},
  'batch/Job': {},
  'networking.k8s.io/Ingress': { loadBalancer: {} },
  'policy/PodDisruptionBudget': {
    disruptionsAllowed: 0,
    currentHealthy: 0,
    desiredHealthy: 0,
    expectedPods: 0,
  },
};

/**
 * Adds what the server decides and nobody else manages.
 *
 * @param live - what is stored; undefined for a new object
 */
export function completeObject(
  type: ResourceType,
  object: KubernetesObject,
  live: KubernetesObject | undefined,
  store: ObjectStore,
): KubernetesObject {
  switch (type.storageKind) {
    case '/Namespace':
      return completeNamespace(object, live);
    case '/Event':
      return {
        eventTime: null,
        reportingComponent: '',
        reportingInstance: '',
        ...object,
      };
    case '/Service':
      return allocateService(object, live, store);
    case '/Pod':
      return live ? object : admitPod(withLimits(object, store));
    default:
  }
  if (live) {
    return object;
  }
  const first = FIRST_STATUS[type.storageKind];
  const started = first
    ? { ...object, status: object.status ?? first }
    : object;
  return type.storageKind === 'batch/Job' && !object.spec.manualSelector
    ? selectOwnPods(started)
    : started;
}

/** A job's pods carry its uid, so that no two jobs share them. */
function selectOwnPods(job: KubernetesObject): KubernetesObject {
  const { name, uid, labels } = job.metadata;
  const own = {
    'batch.kubernetes.io/controller-uid': uid!,
    'batch.kubernetes.io/job-name': name!,
    'controller-uid': uid!,
    'job-name': name!,
  };
  const { template } = job.spec;
  return {
    ...job,
    metadata: { ...job.metadata, labels: { ...labels, ...own } },
    spec: {
      ...job.spec,
      selector: job.spec.selector ?? {
        matchLabels: { 'batch.kubernetes.io/controller-uid': uid },
      },
      template: {
        ...template,
        metadata: {
          ...template?.metadata,
          labels: { ...template?.metadata?.labels, ...own },
        },
      },
    },
  };
}

function completeNamespace(
  namespace: KubernetesObject,
  live: KubernetesObject | undefined,
): KubernetesObject {
  return {
    ...namespace,
    spec: live ? namespace.spec ?? {} : { finalizers: ['kubernetes'] },
    status: { phase: 'Active', ...namespace.status },
  };
}

/** A new pod with the requests and limits that its namespace's LimitRanges have as defaults. */
function withLimits(
  pod: KubernetesObject,
  store: ObjectStore,
): KubernetesObject {
  const table = store.table('/LimitRange');
  const { start, end } = table.range(`${pod.metadata.namespace}/`);
  const ranges = table
    .keys()
    .slice(start, end)
    .map(key => table.get(key)!);
  return { ...pod, spec: applyLimitRanges(pod.spec, ranges) };
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
