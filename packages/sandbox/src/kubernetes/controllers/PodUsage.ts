import type { KubernetesObject } from '../KubernetesCluster';
import { isReady } from './podState';
import { parseQuantity } from './quantities';

/**
 * What a pod uses at the moment, in cores and bytes, summed over its containers.
 *
 * @public
 */
export interface PodUsage {
  readonly cpu: number;
  readonly memory: number;
}

/** Where the autoscaler gets the use of a pod; undefined for a pod without data. @public */
export type PodUsageSource = (pod: KubernetesObject) => PodUsage | undefined;

/**
 * The use of a pod without any other source: a quarter of its requested CPU, slowly up and down, and two thirds of
 * its memory. Derived from the pod and the time, nothing is kept.
 *
 * @internal
 */
export function defaultPodUsage(pod: KubernetesObject): PodUsage | undefined {
  if (!isReady(pod)) {
    return undefined;
  }
  const minutes = Date.now() / 60_000;
  const offset = [...(pod.metadata.uid ?? '')].reduce(
    (sum, character) => sum + character.charCodeAt(0),
    0,
  );
  const wave = 0.25 + 0.08 * Math.sin((minutes + offset) / 7);
  let cpu = 0;
  let memory = 0;
  for (const { resources } of pod.spec.containers as {
    resources?: { requests?: Record<string, string> };
  }[]) {
    cpu += (parseQuantity(resources?.requests?.cpu) || 0.1) * wave;
    memory +=
      (parseQuantity(resources?.requests?.memory) || 128 * 2 ** 20) *
      (0.62 + wave / 5);
  }
  return { cpu, memory };
}
