import type {
  CacheChange,
  KindRef,
  KubernetesClient,
  KubernetesObject,
  ResourceKind,
  WatchedCache,
  WatchedCacheOptions,
} from '@waystone/integrations';

type Listener = (change: CacheChange<any>) => void;

interface Kind {
  readonly ref: KindRef;
  readonly objects: Map<string, KubernetesObject>;
  readonly caches: Set<{
    readonly transform: (object: KubernetesObject) => unknown;
    readonly listeners: Set<Listener>;
    readonly stateListeners: Set<() => void>;
  }>;
}

/** As much of a cluster as the read model uses; what it serves is what was put into it. */
export class FakeCluster {
  readonly #kinds = new Map<string, Kind>();
  /** Why it does not answer. */
  down?: string;

  constructor(readonly cluster = 'prod') {}

  /** Serves a kind, with or without objects. */
  serve(apiVersion: string, kind: string): this {
    const key = `${apiVersion} ${kind}`;
    if (!this.#kinds.has(key)) {
      this.#kinds.set(key, {
        ref: { apiVersion, kind },
        objects: new Map(),
        caches: new Set(),
      });
    }
    return this;
  }

  set(...objects: readonly object[]): this {
    for (const each of objects) {
      const object = each as KubernetesObject & KindRef;
      this.serve(object.apiVersion, object.kind);
      const kind = this.#kinds.get(`${object.apiVersion} ${object.kind}`)!;
      const { name, namespace } = object.metadata;
      const known = kind.objects.has(`${namespace}/${name}`);
      kind.objects.set(`${namespace}/${name}`, object);
      for (const { listeners, transform } of kind.caches) {
        const value = transform(object);
        listeners.forEach(listener =>
          listener({
            type: known ? 'modified' : 'added',
            name,
            namespace,
            object: value,
            // What the transformation leaves out is as good as gone.
            ...(value === undefined && { type: 'deleted' as const }),
          }),
        );
      }
    }
    return this;
  }

  delete(
    apiVersion: string,
    kindName: string,
    name: string,
    namespace?: string,
  ) {
    const kind = this.#kinds.get(`${apiVersion} ${kindName}`)!;
    const object = kind.objects.get(`${namespace}/${name}`)!;
    kind.objects.delete(`${namespace}/${name}`);
    for (const { listeners, transform } of kind.caches) {
      listeners.forEach(listener =>
        listener({
          type: 'deleted',
          name,
          namespace,
          object: transform(object),
        }),
      );
    }
  }

  /** Tells that the watches are interrupted, or are no more. */
  setDown(reason: string | undefined) {
    this.down = reason;
    for (const { caches } of this.#kinds.values()) {
      caches.forEach(({ stateListeners }) =>
        stateListeners.forEach(listener => listener()),
      );
    }
  }

  get client(): KubernetesClient {
    const client: Pick<KubernetesClient, 'cluster' | 'listKinds' | 'cache'> = {
      cluster: this.cluster,
      listKinds: async apiVersion => {
        if (this.down) {
          throw new Error(this.down);
        }
        return [...this.#kinds.values()]
          .filter(({ ref }) => ref.apiVersion === apiVersion)
          .map(
            ({ ref }): ResourceKind => ({
              ...ref,
              group: '',
              version: '',
              resource: ref.kind.toLowerCase(),
              namespaced: true,
              verbs: ['get', 'list', 'watch'],
              subresources: [],
            }),
          );
      },
      cache: options => this.#cache(options),
    };
    return client as KubernetesClient;
  }

  #cache<T>(options: WatchedCacheOptions<T>): WatchedCache<T> {
    const { apiVersion, kind: name } = options.kind;
    const kind = this.#kinds.get(`${apiVersion} ${name}`)!;
    const transform = (options.transform ??
      ((object: KubernetesObject) => object)) as (
      object: KubernetesObject,
    ) => T | undefined;
    const own = {
      transform,
      listeners: new Set<Listener>(),
      stateListeners: new Set<() => void>(),
    };
    kind.caches.add(own);
    const clusterName = this.cluster;
    const down = () => this.down;
    const cache: Pick<
      WatchedCache<T>,
      'subscribe' | 'subscribeState' | 'release' | 'freshness'
    > = {
      get freshness() {
        return {
          source: `kubernetes/${clusterName}`,
          observedAt: '2026-01-02T03:04:05.000Z',
          stale: down() !== undefined,
          reason: down(),
        };
      },
      subscribe(listener, { initial } = {}) {
        if (initial) {
          for (const object of kind.objects.values()) {
            const value = transform(object);
            if (value !== undefined) {
              const { name: objectName, namespace } = object.metadata;
              listener({
                type: 'added',
                name: objectName,
                namespace,
                object: value,
              });
            }
          }
        }
        own.listeners.add(listener);
        return () => own.listeners.delete(listener);
      },
      subscribeState(listener) {
        const call = () => listener({ synced: true });
        own.stateListeners.add(call);
        return () => own.stateListeners.delete(call);
      },
      async release() {
        kind.caches.delete(own);
      },
    };
    return cache as WatchedCache<T>;
  }
}
