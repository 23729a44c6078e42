import { NotFoundError } from '@backstage/errors';
import type {
  KubernetesClient,
  KubernetesObject,
  WatchedCache,
} from '@waystone/integrations';
import type {
  DriftedObject,
  Freshness,
} from '@waystone/plugin-delivery-common';
import type {
  DeliverySource,
  InspectedObject,
  Inspection,
  ObservedDeployment,
} from '@waystone/plugin-delivery-node';
import { toObservedWorkload } from './toObservedWorkload';
import type { ObservedWorkload } from './toObservedWorkload';

type Workload = NonNullable<ReturnType<typeof toObservedWorkload>>;

// Who asks twice for the same has to give the same functions.
const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'].map(kind => ({
  kind: { apiVersion: 'apps/v1', kind },
  transform: (object: KubernetesObject) => toObservedWorkload(kind, object),
}));

const ROLLOUTS = 'argoproj.io/v1alpha1';
const ROLLOUT = {
  kind: { apiVersion: ROLLOUTS, kind: 'Rollout' },
  transform: (object: KubernetesObject) =>
    toObservedWorkload('Rollout', object),
};

const TIMEOUT_MS = 10_000;

/** What runs in a cluster without Argo CD: Deployments, StatefulSets, DaemonSets, and Rollouts where there are any. */
export class WorkloadDeliverySource implements DeliverySource {
  readonly name: string;
  readonly #client: KubernetesClient;
  readonly #caches = new Map<string, WatchedCache<Workload>>();
  readonly #listeners = new Set<(id: string | undefined) => void>();

  static create(options: {
    readonly client: KubernetesClient;
  }): WorkloadDeliverySource {
    return new WorkloadDeliverySource(options.client);
  }

  private constructor(client: KubernetesClient) {
    this.name = `kubernetes/${client.cluster}`;
    this.#client = client;
    KINDS.forEach(options => this.#watch(options));
  }

  /** Follows Rollouts too, if the cluster has them. */
  async start(): Promise<void> {
    const kinds = await this.#client.listKinds(ROLLOUTS, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (kinds.some(({ kind }) => kind === 'Rollout')) {
      this.#watch(ROLLOUT);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#caches.values()].map(each => each.release()));
  }

  get freshness(): Freshness {
    const parts = [...this.#caches.values()].map(cache => cache.freshness);
    const stale = parts.find(part => part.stale);
    const { observedAt, reason } = stale ?? parts[0];
    return { source: this.name, observedAt, stale: Boolean(stale), reason };
  }

  async whenSynced(signal: AbortSignal): Promise<void> {
    await Promise.all(
      [...this.#caches.values()].map(cache => cache.whenSynced(signal)),
    );
  }

  *list(): Generator<ObservedDeployment, void, undefined> {
    for (const cache of this.#caches.values()) {
      for (const workload of cache) {
        yield this.#place(workload);
      }
    }
  }

  get(id: string): ObservedDeployment | undefined {
    return this.#find(id);
  }

  subscribe(listener: (id: string | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Nothing says what they are meant to be. */
  async drift(): Promise<readonly DriftedObject[]> {
    return [];
  }

  async inspect(
    id: string,
    options: { readonly signal: AbortSignal },
  ): Promise<Inspection> {
    const workload = this.#find(id);
    if (!workload) {
      throw new NotFoundError(`${this.name} has no workload '${id}'`);
    }
    const labels = Object.entries(workload.selector);
    const read = async (apiVersion: string, kind: string) =>
      labels.length === 0
        ? []
        : (
            await this.#client.list(
              { apiVersion, kind },
              {
                namespace: workload.namespace,
                labelSelector: labels
                  .map(([name, value]) => `${name}=${value}`)
                  .join(','),
                metadataOnly: true,
                ...options,
              },
            )
          ).items.map(({ metadata }) => toObject(kind, metadata, id));
    const [replicaSets, pods] = await Promise.all([
      read('apps/v1', 'ReplicaSet'),
      read('v1', 'Pod'),
    ]);
    const root: InspectedObject = {
      id,
      group: workload.kind === 'Rollout' ? 'argoproj.io' : 'apps',
      kind: workload.kind,
      namespace: workload.namespace,
      name: workload.name,
      health: workload.health,
      message: workload.reason,
    };
    const known = new Set(replicaSets.map(each => each.id));
    return {
      problems: [],
      objects: [
        root,
        ...replicaSets,
        ...pods.map(pod => ({
          ...pod,
          parent: pod.parent && known.has(pod.parent) ? pod.parent : id,
        })),
      ],
    };
  }

  #watch(options: typeof ROLLOUT): void {
    const cache = this.#client.cache<Workload>(options);
    this.#caches.set(options.kind.kind, cache);
    cache.subscribe(({ object }) => this.#tell(object.id), { initial: true });
    cache.subscribeState(() => this.#tell(undefined));
  }

  #tell(id: string | undefined): void {
    this.#listeners.forEach(listener => listener(id));
  }

  #find(id: string): ObservedWorkload | undefined {
    const [namespace, kind, name] = id.split('/');
    const found = this.#caches.get(kind)?.get(name, namespace);
    return found && this.#place(found);
  }

  #place(workload: Workload): ObservedWorkload {
    return { ...workload, cluster: this.#client.cluster };
  }
}

function toObject(
  kind: string,
  metadata: KubernetesObject['metadata'],
  root: string,
): InspectedObject {
  const owner = (metadata.ownerReferences ?? []).find(
    ({ controller }) => controller,
  );
  const createdAt = new Date(metadata.creationTimestamp ?? '');
  return {
    id: metadata.uid ?? `${kind}/${metadata.name}`,
    parent: owner?.kind === 'ReplicaSet' ? owner.uid : root,
    group: kind === 'Pod' ? undefined : 'apps',
    kind,
    namespace: metadata.namespace,
    name: metadata.name,
    createdAt: Number.isNaN(createdAt.getTime())
      ? undefined
      : createdAt.toISOString(),
  };
}
