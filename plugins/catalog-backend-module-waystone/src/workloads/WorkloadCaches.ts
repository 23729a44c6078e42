import type { Environments } from '@waystone/environments';
import type {
  ArgoCdService,
  ClusterItem,
  KubernetesObject,
  KubernetesService,
  MultiClusterCache,
} from '@waystone/integrations';
import { toWorkload } from './Workload';
import type { Workload } from './Workload';

// Who asks twice for the same has to give the same functions
const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'].map(kind => ({
  kind: { apiVersion: 'apps/v1', kind },
  transform: (object: KubernetesObject) => toWorkload(kind, object),
}));

/** A page waits no longer for clusters that were never read. */
const PATIENCE_MS = 5000;

/** A workload in an environment of the portal. */
export interface PlacedWorkload extends Workload {
  readonly cluster: string;
  readonly environment: string;
  readonly isProtected: boolean;
  readonly system?: string;
}

/** What runs in the environments of the portal. Watched from the first question on. */
export class WorkloadCaches {
  readonly #argoCd: ArgoCdService;
  readonly #environments: Environments;
  readonly #kubernetes: KubernetesService;
  #caches: readonly MultiClusterCache<Workload>[] | undefined;

  constructor(options: {
    readonly argoCd: ArgoCdService;
    readonly environments: Environments;
    readonly kubernetes: KubernetesService;
  }) {
    this.#argoCd = options.argoCd;
    this.#environments = options.environments;
    this.#kubernetes = options.kubernetes;
  }

  /** All that is in a namespace of an environment, and the clusters that don't say. */
  async read(): Promise<{
    readonly workloads: readonly PlacedWorkload[];
    readonly unknown: readonly string[];
  }> {
    this.#caches ??= KINDS.map(options => this.#kubernetes.cache(options));
    const signal = AbortSignal.timeout(PATIENCE_MS);
    await Promise.all(this.#caches.map(cache => cache.whenSynced(signal)));
    return {
      workloads: this.#caches.flatMap(cache =>
        [...cache].flatMap(item => this.#place(item)),
      ),
      unknown: [
        ...new Set(
          this.#caches.flatMap(cache =>
            cache.errors.map(({ cluster }) => cluster),
          ),
        ),
      ],
    };
  }

  /** The repository that Argo CD takes a workload from. */
  async repositoryOf(workload: PlacedWorkload): Promise<string | undefined> {
    const { application } = workload;
    if (!application) {
      return undefined;
    }
    // With Applications in any namespace the name has that of the Application before it
    const name = application.slice(application.lastIndexOf('_') + 1);
    for (const { instance } of this.#argoCd.clients) {
      const cache = this.#argoCd.applications(instance);
      await cache.whenSynced(AbortSignal.timeout(PATIENCE_MS)).catch(() => {
        // What is held of before is as good
      });
      for (const found of cache) {
        const { source, sources = [] } = found.spec ?? {};
        const url = source?.repoURL ?? sources[0]?.repoURL;
        if (found.metadata.name === name && url) {
          return url;
        }
      }
    }
    return undefined;
  }

  async close(): Promise<void> {
    await Promise.all((this.#caches ?? []).map(cache => cache.release()));
  }

  #place({ cluster, object }: ClusterItem<Workload>): PlacedWorkload[] {
    const found = this.#environments.find(cluster, object.namespace);
    return found
      ? [
          {
            ...object,
            cluster,
            environment: found.environment.name,
            isProtected: found.environment.protected,
            system: found.system,
          },
        ]
      : [];
  }
}
