import type { Freshness } from '../core/Freshness';
import type { ClusterItem } from './KubernetesService';
import type { CacheChange, WatchedCache } from './WatchedCache';

/** How current one cluster's part is. @public */
export interface ClusterFreshness extends Freshness {
  readonly cluster: string;
  /** False as long as nothing of the cluster was read. */
  readonly synced: boolean;
}

/**
 * The caches of the same kind in several clusters, read as one. A cluster that is down keeps its last known objects,
 * and {@link MultiClusterCache.freshness} says so.
 *
 * @public
 */
export class MultiClusterCache<T> implements Iterable<ClusterItem<T>> {
  readonly #parts: readonly {
    readonly cluster: string;
    readonly cache: WatchedCache<T>;
  }[];

  constructor(
    parts: readonly {
      readonly cluster: string;
      readonly cache: WatchedCache<T>;
    }[],
  ) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#parts.reduce((sum, { cache }) => sum + cache.size, 0);
  }

  get freshness(): readonly ClusterFreshness[] {
    return this.#parts.map(({ cluster, cache }) => ({
      cluster,
      synced: cache.state.synced,
      ...cache.freshness,
    }));
  }

  /** The clusters of which nothing or nothing current is known. */
  get errors(): readonly ClusterFreshness[] {
    return this.freshness.filter(({ stale }) => stale);
  }

  *[Symbol.iterator](): Iterator<ClusterItem<T>> {
    for (const { cluster, cache } of this.#parts) {
      for (const object of cache) {
        yield { cluster, object };
      }
    }
  }

  get(cluster: string, name: string, namespace?: string): T | undefined {
    return this.#parts
      .find(part => part.cluster === cluster)
      ?.cache.get(name, namespace);
  }

  *by(
    index: string,
    value: string,
  ): Generator<ClusterItem<T>, void, undefined> {
    for (const { cluster, cache } of this.#parts) {
      for (const object of cache.by(index, value)) {
        yield { cluster, object };
      }
    }
  }

  /** @returns A function that ends it. */
  subscribe(
    listener: (change: CacheChange<T> & { readonly cluster: string }) => void,
    options?: { readonly initial?: boolean },
  ): () => void {
    const ends = this.#parts.map(({ cluster, cache }) =>
      cache.subscribe(change => listener({ ...change, cluster }), options),
    );
    return () => ends.forEach(end => end());
  }

  /** Tells when a cluster has synced, become stale, or is current again. */
  subscribeState(listener: (cluster: string) => void): () => void {
    const ends = this.#parts.map(({ cluster, cache }) =>
      cache.subscribeState(() => listener(cluster)),
    );
    return () => ends.forEach(end => end());
  }

  /** Resolves when each cluster has been read once, or with `signal` aborted those that could be. */
  async whenSynced(signal?: AbortSignal): Promise<void> {
    await Promise.allSettled(
      this.#parts.map(({ cache }) => cache.whenSynced(signal)),
    );
  }

  async release(): Promise<void> {
    await Promise.all(this.#parts.map(({ cache }) => cache.release()));
  }
}
