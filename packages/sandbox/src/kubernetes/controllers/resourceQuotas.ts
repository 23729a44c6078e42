import type { KubernetesObject } from '../KubernetesCluster';
import { hasEnded } from './podState';
import { formatQuantity, parseQuantity } from './quantities';

/** Kinds that a quota may count, by the name it counts them under. */
const COUNTED: Readonly<Record<string, string>> = {
  configmaps: 'ConfigMap',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  secrets: 'Secret',
  services: 'Service',
  'count/deployments.apps': 'Deployment',
  'count/jobs.batch': 'Job',
  'count/cronjobs.batch': 'CronJob',
  'count/statefulsets.apps': 'StatefulSet',
};

/** The kind that a resource of a quota counts. @internal */
export function countedKind(resource: string): string | undefined {
  return COUNTED[resource];
}

/** How much of a quota's resource an object takes; 0 if it does not count. @internal */
export function quotaUse(resource: string, object: KubernetesObject): number {
  if (COUNTED[resource]) {
    return COUNTED[resource] === object.kind ? 1 : 0;
  }
  if (resource === 'requests.storage') {
    return object.kind === 'PersistentVolumeClaim'
      ? parseQuantity(object.spec.resources?.requests?.storage)
      : 0;
  }
  if (object.kind !== 'Pod' || hasEnded(object)) {
    return 0;
  }
  if (resource === 'pods' || resource === 'count/pods') {
    return 1;
  }
  const [kind, name] = resource.includes('.')
    ? resource.split('.')
    : ['requests', resource];
  return (
    object.spec.containers as {
      resources?: Record<string, Record<string, string> | undefined>;
    }[]
  ).reduce(
    (sum, { resources }) => sum + parseQuantity(resources?.[kind]?.[name]),
    0,
  );
}

/** Whether a pod has to say how much it needs, because the quota counts it. */
export function mustBeSet(resource: string): boolean {
  return /^(requests\.|limits\.)?(cpu|memory)$/.test(resource);
}

/** Quantities by resource in the form of the quota's messages: sorted, joined by commas. */
export function formatUse(use: Readonly<Record<string, number>>): string {
  return Object.entries(use)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([resource, value]) => `${resource}=${formatQuantity(resource, value)}`,
    )
    .join(',');
}
