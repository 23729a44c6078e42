import { lifeOf, stateLabels, stateTarget } from './MetricFamily';
import type { MetricFamily, SeriesDraft } from './MetricFamily';
import { findAt } from './WorkloadRecord';
import type {
  PodRecord,
  PodState,
  ReplicaState,
  WorkloadRecord,
} from './WorkloadRecord';

const PHASES = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'];
const WAITING = [
  'ContainerCreating',
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'ErrImagePull',
  'ImagePullBackOff',
];

/**
 * The state of Deployments and pods, as kube-state-metrics tells it.
 *
 * @internal
 */
export const STATE_FAMILIES: readonly MetricFamily[] = [
  forPods('kube_pod_info', 'Information about pod.', (_record, pod) => [
    {
      labels: {
        node: pod.node,
        pod_ip: pod.address,
        created_by_kind: 'ReplicaSet',
        created_by_name: pod.name.replace(/-[^-]+$/, ''),
        uid: pod.uid,
      },
      valueAt: () => 1,
    },
  ]),
  forPods(
    'kube_pod_labels',
    'Kubernetes labels converted to Prometheus labels.',
    record => [
      {
        labels: {
          label_app_kubernetes_io_name: record.name,
          label_backstage_io_kubernetes_id: record.service,
        },
        valueAt: () => 1,
      },
    ],
  ),
  forPods('kube_pod_status_phase', 'The pods current phase.', (_record, pod) =>
    PHASES.map(phase => ({
      labels: { phase },
      valueAt: time => Number(stateAt(pod, time).phase === phase),
    })),
  ),
  forPods(
    'kube_pod_status_ready',
    'Describes whether the pod is ready to serve requests.',
    (_record, pod) =>
      ['true', 'false', 'unknown'].map(condition => ({
        labels: { condition },
        valueAt: time => Number(String(stateAt(pod, time).ready) === condition),
      })),
  ),
  forContainers(
    'kube_pod_container_info',
    'gauge',
    'Information about a container in a pod.',
    (_record, pod) => [{ labels: { image: pod.image }, valueAt: () => 1 }],
  ),
  forContainers(
    'kube_pod_container_status_restarts_total',
    'counter',
    'The number of container restarts per container.',
    (_record, pod) => [
      { labels: {}, valueAt: time => stateAt(pod, time).restarts },
    ],
  ),
  forContainers(
    'kube_pod_container_status_ready',
    'gauge',
    'Describes whether the containers readiness check succeeded.',
    (_record, pod) => [
      { labels: {}, valueAt: time => Number(stateAt(pod, time).ready) },
    ],
  ),
  forContainers(
    'kube_pod_container_status_running',
    'gauge',
    'Describes whether the container is currently in running state.',
    (_record, pod) => [
      {
        labels: {},
        valueAt: time => {
          const { phase, waiting } = stateAt(pod, time);
          return Number(phase === 'Running' && !waiting);
        },
      },
    ],
  ),
  forContainers(
    'kube_pod_container_status_waiting_reason',
    'gauge',
    'Describes the reason the container is currently in waiting state.',
    (_record, pod) =>
      WAITING.map(reason => ({
        labels: { reason },
        valueAt: time => Number(stateAt(pod, time).waiting === reason),
      })),
  ),
  forContainers(
    'kube_pod_container_resource_requests',
    'gauge',
    'The number of requested request resource by a container.',
    ({ requests }) => resources(requests),
  ),
  forContainers(
    'kube_pod_container_resource_limits',
    'gauge',
    'The number of requested limit resource by a container.',
    ({ limits }) => resources(limits),
  ),
  {
    name: 'kube_service_labels',
    metadata: {
      metric: 'kube_service_labels',
      type: 'gauge',
      help: 'Kubernetes labels converted to Prometheus labels.',
      unit: '',
    },
    // As with --metric-labels-allowlist=services=[owner]; a Service has the labels of its Deployment here.
    applies: ({ record }) => !record.unscraped,
    create: ({ record }) => [
      {
        labels: {
          ...stateLabels(record),
          namespace: record.namespace,
          service: record.name,
          label_owner: record.owner ?? '',
        },
        valueAt: () => 1,
        spans: lifeOf(record),
        target: stateTarget(record),
      },
    ],
  },
  forDeployments(
    'kube_deployment_spec_replicas',
    'Number of desired pods for a deployment.',
    ({ desired }) => desired,
  ),
  forDeployments(
    'kube_deployment_status_replicas',
    'The number of replicas per deployment.',
    ({ current }) => current,
  ),
  forDeployments(
    'kube_deployment_status_replicas_ready',
    'The number of ready replicas per deployment.',
    ({ available }) => available,
  ),
  forDeployments(
    'kube_deployment_status_replicas_available',
    'The number of available replicas per deployment.',
    ({ available }) => available,
  ),
  forDeployments(
    'kube_deployment_status_replicas_unavailable',
    'The number of unavailable replicas per deployment.',
    ({ desired, available }) => Math.max(0, desired - available),
  ),
  forDeployments(
    'kube_deployment_status_replicas_updated',
    'The number of updated replicas per deployment.',
    ({ updated }) => updated,
  ),
];

interface StateDraft {
  readonly labels: Record<string, string>;
  valueAt(time: number): number;
}

function stateAt(pod: PodRecord, time: number): PodState {
  return (
    findAt(pod.states, time) ?? {
      time: pod.from,
      phase: 'Pending',
      ready: false,
      restarts: 0,
    }
  );
}

function resources(
  amounts: { cpu: number; memory: number } | undefined,
): StateDraft[] {
  return amounts
    ? [
        {
          labels: { resource: 'cpu', unit: 'core' },
          valueAt: () => amounts.cpu,
        },
        {
          labels: { resource: 'memory', unit: 'byte' },
          valueAt: () => amounts.memory,
        },
      ]
    : [];
}

function forPods(
  name: string,
  help: string,
  draft: (record: WorkloadRecord, pod: PodRecord) => StateDraft[],
): MetricFamily {
  return {
    name,
    metadata: { metric: name, type: 'gauge', help, unit: '' },
    create: ({ record }) =>
      record.pods.flatMap(pod =>
        draft(record, pod).map(
          ({ labels, valueAt }): SeriesDraft => ({
            labels: {
              ...stateLabels(record),
              namespace: record.namespace,
              pod: pod.name,
              ...labels,
            },
            valueAt,
            spans: [pod],
            target: stateTarget(record),
          }),
        ),
      ),
  };
}

function forContainers(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  draft: (record: WorkloadRecord, pod: PodRecord) => StateDraft[],
): MetricFamily {
  const family = forPods(name, help, (record, pod) =>
    draft(record, pod).map(({ labels, valueAt }) => ({
      labels: { container: pod.container, ...labels },
      valueAt,
    })),
  );
  return { ...family, metadata: { ...family.metadata, type } };
}

function forDeployments(
  name: string,
  help: string,
  read: (state: ReplicaState) => number,
): MetricFamily {
  return {
    name,
    metadata: { metric: name, type: 'gauge', help, unit: '' },
    create: ({ record }) => [
      {
        labels: {
          ...stateLabels(record),
          namespace: record.namespace,
          deployment: record.name,
        },
        valueAt: time => {
          const state = findAt(record.replicas, time) ?? record.replicas[0];
          return state ? read(state) : 0;
        },
        spans: lifeOf(record),
        target: stateTarget(record),
      },
    ],
  };
}
