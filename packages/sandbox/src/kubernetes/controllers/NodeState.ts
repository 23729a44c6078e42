import type {
  ClusterEvent,
  KubernetesCluster,
  KubernetesObject,
} from '../KubernetesCluster';
import { NODE } from './resourceTypes';

/**
 * What the nodes hold: addresses given to pods and images pulled.
 *
 * @internal
 */
export class NodeState {
  readonly #cluster: KubernetesCluster;
  readonly #addresses = new Map<string, string>();
  readonly #byPod = new Map<string, string>();
  readonly #images = new Set<string>();

  constructor(cluster: KubernetesCluster) {
    this.#cluster = cluster;
  }

  addressOf(node: string): string {
    const addresses = (this.#cluster.get({ ...NODE, name: node })?.status
      ?.addresses ?? []) as { type: string; address: string }[];
    return (
      addresses.find(({ type }) => type === 'InternalIP')?.address ??
      '10.20.0.1'
    );
  }

  /** The first free address of the node's range. */
  takeAddress(pod: KubernetesObject): string {
    const cidr: string =
      this.#cluster.get({ ...NODE, name: pod.spec.nodeName })?.spec?.podCIDR ??
      '10.244.255.0/24';
    const prefix = cidr.slice(0, cidr.lastIndexOf('.'));
    let last = 2;
    while (this.#addresses.has(`${prefix}.${last}`)) {
      last += 1;
    }
    const address = `${prefix}.${last}`;
    this.#note(pod.metadata.uid!, address);
    return address;
  }

  /** Follows pods, so that addresses are known after a restart and free after a pod's end. */
  follow({ type, object }: ClusterEvent): void {
    const uid = object.metadata.uid!;
    if (type === 'DELETED') {
      const address = this.#byPod.get(uid);
      this.#byPod.delete(uid);
      if (address && this.#addresses.get(address) === uid) {
        this.#addresses.delete(address);
      }
    } else if (object.status?.podIP) {
      this.#note(uid, object.status.podIP);
    }
  }

  hasImage(node: string, image: string): boolean {
    return this.#images.has(`${node} ${image}`);
  }

  addImage(node: string, image: string): void {
    this.#images.add(`${node} ${image}`);
  }

  /** Removes a pod whose containers have stopped. */
  removePod(pod: KubernetesObject): void {
    removeStoppedPod(this.#cluster, pod);
  }

  #note(uid: string, address: string) {
    this.#addresses.set(address, uid);
    this.#byPod.set(uid, address);
  }
}

function removeStoppedPod(cluster: KubernetesCluster, pod: KubernetesObject) {
  cluster.delete(
    {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: pod.metadata.namespace,
      name: pod.metadata.name!,
    },
    { gracePeriodSeconds: 0 },
  );
}
