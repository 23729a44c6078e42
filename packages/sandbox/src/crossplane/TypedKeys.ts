import { objectKey, refOf } from '../kubernetes/controllers/objectKey';
import type {
  ClusterEvent,
  KubernetesCluster,
  KubernetesObject,
  ObjectRef,
  TypeRef,
} from '../kubernetes/KubernetesCluster';

/** A key that names the kind too, for controllers of kinds that come and go. */
export function typedKey(object: KubernetesObject): string {
  return `${object.apiVersion}|${object.kind}|${objectKey(object)}`;
}

export function typedRef(key: string): ObjectRef {
  const [apiVersion, kind, rest] = key.split('|');
  return refOf({ apiVersion, kind }, rest);
}

/**
 * Watches of kinds that are only known later.
 *
 * @internal
 */
export class TypeWatches {
  readonly #cluster: KubernetesCluster;
  readonly #watches = new Map<string, () => void>();

  constructor(cluster: KubernetesCluster) {
    this.#cluster = cluster;
  }

  /** Watches a kind, once, if it is served. */
  add(type: TypeRef, listener: (event: ClusterEvent) => void): void {
    const name = `${type.apiVersion}|${type.kind}`;
    if (!this.#watches.has(name) && this.#cluster.serves(type)) {
      this.#watches.set(name, this.#cluster.watch(type, listener));
    }
  }

  stop(): void {
    this.#watches.forEach(end => end());
    this.#watches.clear();
  }
}
