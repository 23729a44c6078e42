import type { KubernetesObject } from '../KubernetesCluster';
import { findCondition } from './conditions';

/** Whether the pod's Ready condition holds. @internal */
export function isReady(pod: KubernetesObject): boolean {
  return findCondition(pod.status?.conditions, 'Ready')?.status === 'True';
}

/** Whether the pod has ended for good. */
export function hasEnded(pod: KubernetesObject): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** Whether the pod counts for what controls it: neither ended nor going away. */
export function isActive(pod: KubernetesObject): boolean {
  return !hasEnded(pod) && !pod.metadata.deletionTimestamp;
}

/** How often the pod's containers were restarted. */
export function restartsOf(pod: KubernetesObject): number {
  return (
    (pod.status?.containerStatuses ?? []) as { restartCount: number }[]
  ).reduce((sum, container) => sum + container.restartCount, 0);
}

/** The order in which pods are given up: the first is missed least. */
export function compareForDeletion(
  a: KubernetesObject,
  b: KubernetesObject,
): number {
  const rank = (pod: KubernetesObject) => [
    pod.spec.nodeName ? 1 : 0,
    { Pending: 0, Unknown: 1, Running: 2 }[pod.status?.phase as string] ?? 0,
    isReady(pod) ? 1 : 0,
    Number(
      pod.metadata.annotations?.[
        'controller.kubernetes.io/pod-deletion-cost'
      ] ?? 0,
    ),
    -restartsOf(pod),
    // Younger pods go first.
    -Date.parse(pod.metadata.creationTimestamp ?? ''),
  ];
  const ranksOfB = rank(b);
  for (const [index, value] of rank(a).entries()) {
    if (value !== ranksOfB[index]) {
      return value - ranksOfB[index];
    }
  }
  return a.metadata.name! < b.metadata.name! ? -1 : 1;
}
