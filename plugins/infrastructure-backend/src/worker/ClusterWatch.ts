import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type {
  KubernetesObject,
  KubernetesService,
  WatchedCache,
} from '@waystone/integrations';
import { REQUEST_LABEL } from '@waystone/plugin-infrastructure-common';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import type { OfferingCatalog } from '../offerings/OfferingCatalog';

/** Wakes requests when something happens to what was made for them. One watch for each offered kind and cluster. */
export class ClusterWatch {
  readonly #options: {
    readonly kubernetes: KubernetesService;
    readonly offerings: OfferingCatalog;
    readonly store: DatabaseRequestStore;
    readonly logger: LoggerService;
    readonly onWork: () => void;
  };
  readonly #caches = new Map<
    string,
    { readonly cache: WatchedCache<Seen>; readonly end: () => void }
  >();
  #end = () => {};

  constructor(options: {
    readonly kubernetes: KubernetesService;
    readonly offerings: OfferingCatalog;
    readonly store: DatabaseRequestStore;
    readonly logger: LoggerService;
    readonly onWork: () => void;
  }) {
    this.#options = options;
  }

  start(): void {
    this.#end = this.#options.offerings.subscribe(() => this.#follow());
    this.#follow();
  }

  async stop(): Promise<void> {
    this.#end();
    await Promise.all(
      [...this.#caches.values()].map(({ cache, end }) => {
        end();
        return cache.release();
      }),
    );
  }

  #follow(): void {
    const { kubernetes, offerings } = this.#options;
    for (const cluster of offerings.clusters) {
      for (const { apiVersion, kind } of offerings.kindsOf(cluster)) {
        const key = `${cluster} ${apiVersion} ${kind}`;
        if (!this.#caches.has(key)) {
          const cache = kubernetes.cluster(cluster).cache({
            kind: { apiVersion, kind },
            labelSelector: REQUEST_LABEL,
            transform: toSeen,
          });
          const end = cache.subscribe(({ name, namespace = '' }) =>
            this.#wake({ cluster, kind, namespace, name }),
          );
          this.#caches.set(key, { cache, end });
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

interface Seen {
  readonly resourceVersion?: string;
}

/** Only that something has changed is of interest. */
function toSeen({ metadata }: KubernetesObject): Seen {
  return { resourceVersion: metadata.resourceVersion };
}
