import { NotFoundError } from '@backstage/errors';
import { UpstreamError } from '../core/UpstreamError';
import type { UpstreamErrorCode } from '../core/UpstreamError';
import type { KubernetesClient, ListOptions } from './Client';
import { MultiClusterCache } from './MultiClusterCache';
import type { KindRef, KubernetesObject } from './types';
import type { WatchedCacheOptions } from './WatchedCache';

/** A cluster that has no part in a result. @public */
export interface ClusterError {
  readonly cluster: string;
  readonly code: UpstreamErrorCode;
  /** For people. */
  readonly message: string;
  readonly retryable: boolean;
}

/** @public */
export interface ClusterItem<T> {
  readonly cluster: string;
  readonly object: T;
}

/**
 * What several clusters said: one that is down never hides the others.
 *
 * @public
 */
export interface MultiClusterResult<T> {
  readonly items: readonly ClusterItem<T>[];
  readonly errors: readonly ClusterError[];
}

/**
 * All clusters that the portal knows.
 *
 * @public
 */
export interface KubernetesService {
  readonly clusters: readonly KubernetesClient[];
  /** @throws NotFoundError with the names that there are. */
  cluster(name: string): KubernetesClient;
  /** Asks all clusters at the same time. */
  list(
    kind: KindRef,
    options?: ListOptions,
  ): Promise<MultiClusterResult<KubernetesObject>>;
  /** The same cache of every cluster. Must be released in the end. */
  cache<T = KubernetesObject>(
    options: WatchedCacheOptions<T>,
  ): MultiClusterCache<T>;
}

/** @internal */
export class DefaultKubernetesService implements KubernetesService {
  readonly clusters: readonly KubernetesClient[];

  constructor(clusters: readonly KubernetesClient[]) {
    this.clusters = clusters;
  }

  cluster(name: string): KubernetesClient {
    const found = this.clusters.find(client => client.cluster === name);
    if (!found) {
      const names = this.clusters.map(client => client.cluster).join(', ');
      throw new NotFoundError(
        `There is no cluster '${name}'; there are: ${names || 'none'}`,
      );
    }
    return found;
  }

  async list(
    kind: KindRef,
    options?: ListOptions,
  ): Promise<MultiClusterResult<KubernetesObject>> {
    const results = await Promise.all(
      this.clusters.map(async client => {
        const { cluster } = client;
        try {
          const { items } = await client.list(kind, options);
          return { items: items.map(object => ({ cluster, object })) };
        } catch (error) {
          return { error: toClusterError(cluster, error) };
        }
      }),
    );
    return {
      items: results.flatMap(({ items = [] }) => items),
      errors: results.flatMap(({ error }) => error ?? []),
    };
  }

  cache<T = KubernetesObject>(
    options: WatchedCacheOptions<T>,
  ): MultiClusterCache<T> {
    return new MultiClusterCache(
      this.clusters.map(client => ({
        cluster: client.cluster,
        cache: client.cache(options),
      })),
    );
  }
}

function toClusterError(cluster: string, error: unknown): ClusterError {
  const { code, message, retryable } =
    error instanceof UpstreamError
      ? error
      : { code: 'failed' as const, message: `${error}`, retryable: false };
  return { cluster, code, message, retryable };
}
