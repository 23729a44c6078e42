import type { KustomizeResource } from './KustomizeResource';

const FIRST = [
  'Namespace',
  'ResourceQuota',
  'StorageClass',
  'CustomResourceDefinition',
  'ServiceAccount',
  'PodSecurityPolicy',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ConfigMap',
  'Secret',
  'Endpoints',
  'Service',
  'LimitRange',
  'PriorityClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Deployment',
  'StatefulSet',
  'CronJob',
  'PodDisruptionBudget',
];

const LAST = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

/**
 * Kustomize's `legacy` order, its default: what others depend on comes first.
 *
 * @internal
 */
export function sortResources(
  resources: readonly KustomizeResource[],
): KustomizeResource[] {
  return [...resources].sort(
    (a, b) =>
      rank(a.kind) - rank(b.kind) ||
      compare(gvkText(a), gvkText(b)) ||
      compare(idText(a), idText(b)),
  );
}

function rank(kind: string): number {
  const first = FIRST.indexOf(kind);
  return first >= 0 ? first - FIRST.length : LAST.indexOf(kind) + 1;
}

function gvkText({ group, version, kind }: KustomizeResource): string {
  return [group || '~G', version || '~V', kind || '~K'].join('_');
}

function idText({ namespace, name }: KustomizeResource): string {
  return [namespace || '~X', name || '~N'].join('|');
}

function compare(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
