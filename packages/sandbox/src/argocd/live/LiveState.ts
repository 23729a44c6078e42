import type {
  ClusterEvent,
  KubernetesCluster,
  KubernetesObject,
} from '../../kubernetes/KubernetesCluster';
import { isClusterScoped } from '../rendering/clusterScopedKinds';
import { groupOf, keyOf, keyText, trackedBy } from './ResourceKey';

/** Kinds that come and go and are nobody's part. */
const PASSED_OVER = [
  'Event',
  'Lease',
  'EndpointSlice',
  'Endpoints',
  'PodMetrics',
  'NodeMetrics',
];

interface ClusterIndex {
  readonly cluster: KubernetesCluster;
  readonly objects: Map<string, KubernetesObject>;
  readonly children: Map<string, Set<string>>;
  readonly tracked: Map<string, Map<string, KubernetesObject>>;
  readonly namespaces: Map<string, Set<string>>;
  readonly customScopes: Map<string, boolean>;
}

/**
 * What runs in the clusters, by Application and by owner, kept up to date by one watch for each cluster.
 *
 * @internal
 */
export class LiveState {
  readonly #indexes = new Map<KubernetesCluster, ClusterIndex>();
  readonly #onChange: (instance: string) => void;
  #unwatch: (() => void)[] = [];

  /** @param onChange - is told the Application of every object that changes, its owners' included */
  constructor(
    clusters: Iterable<KubernetesCluster>,
    onChange: (instance: string) => void,
  ) {
    this.#onChange = onChange;
    for (const cluster of new Set(clusters)) {
      this.#indexes.set(cluster, {
        cluster,
        objects: new Map(),
        children: new Map(),
        tracked: new Map(),
        namespaces: new Map(),
        customScopes: new Map(),
      });
    }
  }

  start() {
    for (const index of this.#indexes.values()) {
      this.#unwatch.push(
        index.cluster.watch(undefined, event => this.#take(index, event)),
      );
    }
  }

  stop() {
    this.#unwatch.forEach(end => end());
    this.#unwatch = [];
  }

  /** The objects that are marked as an Application's, by key. */
  managed(
    cluster: KubernetesCluster,
    instance: string,
  ): ReadonlyMap<string, KubernetesObject> {
    return this.#indexes.get(cluster)?.tracked.get(instance) ?? new Map();
  }

  /** The objects that an object owns. */
  children(
    cluster: KubernetesCluster,
    owner: KubernetesObject,
  ): KubernetesObject[] {
    const index = this.#indexes.get(cluster);
    const uids = index?.children.get(owner.metadata.uid ?? '');
    return [...(uids ?? [])].flatMap(uid => index!.objects.get(uid) ?? []);
  }

  /** Everything in a namespace. */
  inNamespace(
    cluster: KubernetesCluster,
    namespace: string,
  ): KubernetesObject[] {
    const index = this.#indexes.get(cluster);
    return [...(index?.namespaces.get(namespace) ?? [])].flatMap(
      uid => index!.objects.get(uid) ?? [],
    );
  }

  /** The Application of an object or of one of its owners. */
  instanceOf(
    cluster: KubernetesCluster,
    object: KubernetesObject,
  ): string | undefined {
    const index = this.#indexes.get(cluster);
    let current: KubernetesObject | undefined = object;
    for (let depth = 0; current && depth < 8; depth++) {
      const instance = trackedBy(current);
      if (instance !== undefined) {
        return instance;
      }
      const [owner]: readonly { readonly uid: string }[] =
        current.metadata.ownerReferences ?? [];
      current = owner && index?.objects.get(owner.uid);
    }
    return undefined;
  }

  /** Whether objects of a kind have a namespace. */
  isNamespaced(
    cluster: KubernetesCluster,
    type: { group: string; kind: string },
  ): boolean {
    return (
      this.#indexes
        .get(cluster)
        ?.customScopes.get(`${type.group}/${type.kind}`) ??
      !isClusterScoped(type)
    );
  }

  #take(index: ClusterIndex, { type, object }: ClusterEvent) {
    if (PASSED_OVER.includes(object.kind)) {
      return;
    }
    const uid = object.metadata.uid ?? '';
    const before = index.objects.get(uid);
    const instances = new Set([
      this.instanceOf(index.cluster, object),
      before && this.instanceOf(index.cluster, before),
    ]);
    if (before) {
      this.#remove(index, uid, before);
    }
    if (type !== 'DELETED') {
      this.#add(index, uid, object);
    }
    for (const instance of instances) {
      if (instance !== undefined) {
        this.#onChange(instance);
      }
    }
  }

  #add(index: ClusterIndex, uid: string, object: KubernetesObject) {
    index.objects.set(uid, object);
    for (const owner of object.metadata.ownerReferences ?? []) {
      addTo(index.children, owner.uid, uid);
    }
    if (object.metadata.namespace) {
      addTo(index.namespaces, object.metadata.namespace, uid);
    }
    const instance = trackedBy(object);
    if (instance !== undefined) {
      let objects = index.tracked.get(instance);
      if (!objects) {
        objects = new Map();
        index.tracked.set(instance, objects);
      }
      objects.set(keyText(keyOf(object)), object);
    }
    if (object.kind === 'CustomResourceDefinition') {
      const { group, names, scope } = object.spec ?? {};
      index.customScopes.set(`${group}/${names?.kind}`, scope === 'Namespaced');
    }
  }

  #remove(index: ClusterIndex, uid: string, object: KubernetesObject) {
    index.objects.delete(uid);
    for (const owner of object.metadata.ownerReferences ?? []) {
      removeFrom(index.children, owner.uid, uid);
    }
    if (object.metadata.namespace) {
      removeFrom(index.namespaces, object.metadata.namespace, uid);
    }
    const instance = trackedBy(object);
    if (instance !== undefined) {
      const objects = index.tracked.get(instance);
      objects?.delete(keyText(keyOf(object)));
      if (objects?.size === 0) {
        index.tracked.delete(instance);
      }
    }
  }
}

/** The group and kind of an object. @internal */
export function typeOf(object: { apiVersion?: unknown; kind?: unknown }): {
  group: string;
  kind: string;
} {
  return {
    group: groupOf(String(object.apiVersion ?? '')),
    kind: String(object.kind ?? ''),
  };
}

function addTo(map: Map<string, Set<string>>, key: string, value: string) {
  const set = map.get(key);
  if (set) {
    set.add(value);
  } else {
    map.set(key, new Set([value]));
  }
}

function removeFrom(map: Map<string, Set<string>>, key: string, value: string) {
  const set = map.get(key);
  set?.delete(value);
  if (set?.size === 0) {
    map.delete(key);
  }
}
