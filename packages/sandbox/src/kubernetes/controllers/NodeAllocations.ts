import type { KubernetesCluster, KubernetesObject } from '../KubernetesCluster';
import { hasEnded } from './podState';
import { podRequests } from './quantities';
import { POD } from './resourceTypes';

interface Allocation {
  readonly node: string;
  readonly cpu: number;
  readonly memory: number;
}

/**
 * What the pods on each node have asked for, kept from the pods' changes.
 *
 * @internal
 */
export class NodeAllocations {
  readonly #byPod = new Map<string, Allocation>();
  readonly #byNode = new Map<
    string,
    { cpu: number; memory: number; pods: number }
  >();

  /** @returns A function that ends the watch. */
  watch(cluster: KubernetesCluster, onFreed: () => void): () => void {
    return cluster.watch(POD, ({ type, object }) => {
      if (type === 'DELETED' || hasEnded(object)) {
        if (this.#remove(object.metadata.uid!)) {
          onFreed();
        }
      } else if (object.spec.nodeName) {
        this.add(object, object.spec.nodeName);
      }
    });
  }

  /** Notes a pod's node, ahead of the event that tells of it. */
  add(pod: KubernetesObject, node: string): void {
    const uid = pod.metadata.uid!;
    const known = this.#byPod.get(uid);
    if (known?.node === node) {
      return;
    }
    this.#remove(uid);
    const { cpu, memory } = podRequests(pod.spec);
    this.#byPod.set(uid, { node, cpu, memory });
    const sum = this.on(node);
    this.#byNode.set(node, {
      cpu: sum.cpu + cpu,
      memory: sum.memory + memory,
      pods: sum.pods + 1,
    });
  }

  on(node: string): { cpu: number; memory: number; pods: number } {
    return this.#byNode.get(node) ?? { cpu: 0, memory: 0, pods: 0 };
  }

  #remove(uid: string): boolean {
    const known = this.#byPod.get(uid);
    if (!known) {
      return false;
    }
    this.#byPod.delete(uid);
    const sum = this.on(known.node);
    this.#byNode.set(known.node, {
      cpu: sum.cpu - known.cpu,
      memory: sum.memory - known.memory,
      pods: sum.pods - 1,
    });
    return true;
  }
}
