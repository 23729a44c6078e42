import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { KubernetesService, WatchedCache } from '@waystone/integrations';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import { toSeenResource } from '../discovery/SeenResource';
import type { SeenResource } from '../discovery/SeenResource';
import type { OfferingCatalog } from '../offerings/OfferingCatalog';

/** What {@link ClusterWatch} works with. */
export interface ClusterWatchOptions {
  readonly kubernetes: KubernetesService;
  readonly offerings: OfferingCatalog;
  readonly store: DatabaseRequestStore;
  readonly logger: LoggerService;
  readonly onWork: () => void;
}

/** The offered kind of a resource, and where it is. */
export interface WatchedKind {
  readonly cluster: string;
  readonly offering: string;
  readonly title: string;
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * All resources of offered kinds, by one watch for each kind and cluster. Wakes the request that a resource was made for
 * when something happens to it.
 */
export class ClusterWatch {
  readonly #options: ClusterWatchOptions;
  readonly #watches = new Map<
    string,
    {
      readonly kind: WatchedKind;
      readonly cache: WatchedCache<SeenResource>;
      readonly end: () => void;
    }
  >();
  #end = () => {};

  constructor(options: ClusterWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#end = this.#options.offerings.subscribe(() => this.#follow());
    this.#follow();
  }

  async stop(): Promise<void> {
    this.#end();
    await Promise.all(
      [...this.#watches.values()].map(({ cache, end }) => {
        end();
        return cache.release();
      }),
    );
  }

  /** All that is there, whoever made it. */
  *resources(): Iterable<{
    readonly kind: WatchedKind;
    readonly resource: SeenResource;
  }> {
    for (const { cache, kind } of this.#watches.values()) {
      for (const resource of cache) {
        yield { kind, resource };
      }
    }
  }

  #follow(): void {
    const { kubernetes, offerings } = this.#options;
    for (const cluster of offerings.clusters) {
      for (const { id, title, apiVersion, kind } of offerings.kindsOf(
        cluster,
      )) {
        const key = `${cluster} ${apiVersion} ${kind}`;
        if (!this.#watches.has(key)) {
          const cache = kubernetes.cluster(cluster).cache({
            kind: { apiVersion, kind },
            transform: toSeenResource,
          });
          const end = cache.subscribe(({ object, previous }) => {
            if (object.requestId ?? previous?.requestId) {
              this.#wake({
                cluster,
                kind,
                namespace: object.namespace,
                name: object.name,
              });
            }
          });
          this.#watches.set(key, {
            kind: { cluster, offering: id, title, apiVersion, kind },
            cache,
            end,
          });
        }
      }
    }
  }

  #wake(object: {
    readonly cluster: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  }): void {
    const { logger, onWork, store } = this.#options;
    store.wake(object).then(
      woken => {
        if (woken) {
          onWork();
        }
      },
      error =>
        // It is looked at again in a minute anyway.
        logger.warn(
          `A change of ${object.kind} '${object.name}' was not noted`,
          toError(error),
        ),
    );
  }
}
