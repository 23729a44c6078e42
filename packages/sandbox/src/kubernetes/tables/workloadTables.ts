import type { KubernetesObject } from '../KubernetesCluster';
import { formatLabelSelector } from '../resources/selectors';
import {
  createLayout,
  formatAge,
  formatDuration,
  formatLabels,
} from './TableLayout';
import type { TableLayout } from './TableLayout';
import { describePod } from './describePod';

const age = (object: KubernetesObject) =>
  formatAge(object.metadata.creationTimestamp);

const containers = (object: KubernetesObject): readonly any[] =>
  (
    object.spec?.template?.spec ??
    object.spec?.jobTemplate?.spec?.template?.spec
  )?.containers ?? [];
const names = (object: KubernetesObject) =>
  containers(object)
    .map(container => container.name)
    .join(',');
const images = (object: KubernetesObject) =>
  containers(object)
    .map(container => container.image)
    .join(',');
const selector = (object: KubernetesObject) =>
  formatLabelSelector(object.spec?.selector) || '<none>';

/** The tables of what runs, by storage kind. */
export const workloadTables: Readonly<Record<string, TableLayout>> = {
  '/Pod': createLayout(
    [
      'Ready',
      'Status',
      'Restarts',
      'Age',
      'IP*',
      'Node*',
      'Nominated Node*',
      'Readiness Gates*',
    ],
    pod => {
      const { ready, status, restarts } = describePod(pod);
      return [
        ready,
        status,
        restarts,
        age(pod),
        pod.status?.podIP || '<none>',
        pod.spec?.nodeName || '<none>',
        pod.status?.nominatedNodeName || '<none>',
        '<none>',
      ];
    },
  ),
  'apps/Deployment': createLayout(
    [
      'Ready',
      'Up-to-date',
      'Available',
      'Age',
      'Containers*',
      'Images*',
      'Selector*',
    ],
    deployment => [
      `${deployment.status?.readyReplicas ?? 0}/${
        deployment.spec?.replicas ?? 0
      }`,
      deployment.status?.updatedReplicas ?? 0,
      deployment.status?.availableReplicas ?? 0,
      age(deployment),
      names(deployment),
      images(deployment),
      selector(deployment),
    ],
  ),
  'apps/ReplicaSet': createLayout(
    [
      'Desired',
      'Current',
      'Ready',
      'Age',
      'Containers*',
      'Images*',
      'Selector*',
    ],
    set => [
      set.spec?.replicas ?? 0,
      set.status?.replicas ?? 0,
      set.status?.readyReplicas ?? 0,
      age(set),
      names(set),
      images(set),
      selector(set),
    ],
  ),
  'apps/StatefulSet': createLayout(
    ['Ready', 'Age', 'Containers*', 'Images*'],
    set => [
      `${set.status?.readyReplicas ?? 0}/${set.spec?.replicas ?? 0}`,
      age(set),
      names(set),
      images(set),
    ],
  ),
  'apps/DaemonSet': createLayout(
    [
      'Desired',
      'Current',
      'Ready',
      'Up-to-date',
      'Available',
      'Node Selector',
      'Age',
      'Containers*',
      'Images*',
      'Selector*',
    ],
    set => [
      set.status?.desiredNumberScheduled ?? 0,
      set.status?.currentNumberScheduled ?? 0,
      set.status?.numberReady ?? 0,
      set.status?.updatedNumberScheduled ?? 0,
      set.status?.numberAvailable ?? 0,
      formatLabels(set.spec?.template?.spec?.nodeSelector),
      age(set),
      names(set),
      images(set),
      selector(set),
    ],
  ),
  'batch/Job': createLayout(
    [
      'Status',
      'Completions',
      'Duration',
      'Age',
      'Containers*',
      'Images*',
      'Selector*',
    ],
    job => [
      jobStatus(job),
      jobCompletions(job),
      jobDuration(job),
      age(job),
      names(job),
      images(job),
      selector(job),
    ],
  ),
  'batch/CronJob': createLayout(
    [
      'Schedule',
      'Timezone',
      'Suspend',
      'Active',
      'Last Schedule',
      'Age',
      'Containers*',
      'Images*',
      'Selector*',
    ],
    job => [
      job.spec?.schedule,
      job.spec?.timeZone ?? '<none>',
      job.spec?.suspend ? 'True' : 'False',
      job.status?.active?.length ?? 0,
      job.status?.lastScheduleTime
        ? formatAge(job.status.lastScheduleTime)
        : '<none>',
      age(job),
      names(job),
      images(job),
      formatLabelSelector(job.spec?.jobTemplate?.spec?.selector) || '<none>',
    ],
  ),
  'autoscaling/HorizontalPodAutoscaler': createLayout(
    ['Reference', 'Targets', 'MinPods', 'MaxPods', 'Replicas', 'Age'],
    autoscaler => [
      `${autoscaler.spec?.scaleTargetRef?.kind}/${autoscaler.spec?.scaleTargetRef?.name}`,
      hpaTargets(autoscaler),
      String(autoscaler.spec?.minReplicas ?? '<unset>'),
      autoscaler.spec?.maxReplicas,
      autoscaler.status?.currentReplicas ?? 0,
      age(autoscaler),
    ],
  ),
  'policy/PodDisruptionBudget': createLayout(
    ['Min Available', 'Max Unavailable', 'Allowed Disruptions', 'Age'],
    budget => [
      String(budget.spec?.minAvailable ?? 'N/A'),
      String(budget.spec?.maxUnavailable ?? 'N/A'),
      budget.status?.disruptionsAllowed ?? 0,
      age(budget),
    ],
  ),
};

function jobStatus(job: KubernetesObject): string {
  const has = (type: string) =>
    job.status?.conditions?.some(
      (condition: { type: string; status: string }) =>
        condition.type === type && condition.status === 'True',
    );
  if (has('Complete')) {
    return 'Complete';
  }
  if (has('Failed')) {
    return 'Failed';
  }
  if (job.metadata.deletionTimestamp) {
    return 'Terminating';
  }
  if (has('Suspended')) {
    return 'Suspended';
  }
  if (has('FailureTarget')) {
    return 'FailureTarget';
  }
  return has('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running';
}

function jobCompletions(job: KubernetesObject): string {
  const succeeded = job.status?.succeeded ?? 0;
  if (job.spec?.completions !== undefined) {
    return `${succeeded}/${job.spec.completions}`;
  }
  const parallelism = job.spec?.parallelism ?? 0;
  return parallelism > 1
    ? `${succeeded}/1 of ${parallelism}`
    : `${succeeded}/1`;
}

function jobDuration(job: KubernetesObject): string {
  const { startTime, completionTime } = job.status ?? {};
  if (!startTime) {
    return '';
  }
  const end = completionTime ? Date.parse(completionTime) : Date.now();
  return formatDuration(end - Date.parse(startTime));
}

function hpaTargets(autoscaler: KubernetesObject): string {
  const metrics: readonly any[] = autoscaler.spec?.metrics ?? [];
  if (metrics.length === 0) {
    return '<none>';
  }
  const current: readonly any[] = autoscaler.status?.currentMetrics ?? [];
  return metrics
    .map((metric, index) => {
      const source = sourceOf(metric);
      const target = source?.target ?? {};
      const now = sourceOf(current[index])?.current;
      const label = metric.type === 'Resource' ? `${source.name}: ` : '';
      if (target.averageUtilization !== undefined) {
        const used = now?.averageUtilization;
        return `${label}${used === undefined ? '<unknown>' : `${used}%`}/${
          target.averageUtilization
        }%`;
      }
      const wanted = target.averageValue ?? target.value;
      const has = now?.averageValue ?? now?.value ?? '<unknown>';
      return `${label}${has}/${wanted}${target.averageValue ? ' (avg)' : ''}`;
    })
    .join(', ');
}

function sourceOf(metric: any): any {
  return (
    metric?.resource ??
    metric?.pods ??
    metric?.object ??
    metric?.external ??
    metric?.containerResource
  );
}
