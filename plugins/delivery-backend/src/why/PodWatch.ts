import type {
  ClusterFreshness,
  KubernetesService,
  MultiClusterCache,
} from '@waystone/integrations';
import { KUBERNETES_ID } from '../model/hints';
import { toPodState } from './PodState';
import type { PodState } from './PodState';

const POD = { apiVersion: 'v1', kind: 'Pod' };

/** What a container that waits for this will not get over by itself. */
const HOPELESS =
  /^(CrashLoopBackOff|ImagePullBackOff|InvalidImageName|CreateContainerConfigError|CreateContainerError|RunContainerError)$/;

/** Where the pods of a service are. */
export interface PodPlace {
  readonly cluster: string;
  readonly namespace: string;
  /** The value of the label `backstage.io/kubernetes-id`. */
  readonly kubernetesId: string;
}

/** The pods of all clusters, in memory. */
export class PodWatch {
  readonly #pods: MultiClusterCache<PodState>;

  static create(options: { readonly kubernetes: KubernetesService }): PodWatch {
    return new PodWatch(options.kubernetes);
  }

  private constructor(kubernetes: KubernetesService) {
    this.#pods = kubernetes.cache({ kind: POD, transform: toPodState });
  }

  get freshness(): readonly ClusterFreshness[] {
    return this.#pods.freshness;
  }

  /** Resolves when all clusters have been read once, or with the signal aborted those that could be. */
  whenSynced(signal: AbortSignal): Promise<void> {
    return this.#pods.whenSynced(signal);
  }

  get(
    cluster: string,
    name: string,
    namespace: string | undefined,
  ): PodState | undefined {
    return this.#pods.get(cluster, name, namespace);
  }

  /**
   * What keeps pods of a service from running and does not pass by itself, in Kubernetes' words.
   *
   * @remarks
   * Known long before a rollout runs out of time, which takes ten minutes unless somebody says otherwise.
   */
  troubleAt(place: PodPlace): string | undefined {
    const pods = this.#pods.by(
      'label',
      `${KUBERNETES_ID}=${place.kubernetesId}`,
    );
    for (const { cluster, object } of pods) {
      if (cluster === place.cluster && object.namespace === place.namespace) {
        const trouble = troubleOf(object);
        if (trouble) {
          return trouble;
        }
      }
    }
    return undefined;
  }

  /** Tells of services whose pods got into trouble, or out of it. */
  subscribe(listener: (kubernetesId: string) => void): () => void {
    return this.#pods.subscribe(({ object, previous, type }) => {
      const { kubernetesId } = object;
      const now = type === 'deleted' ? undefined : troubleOf(object);
      const before =
        type === 'deleted'
          ? troubleOf(object)
          : previous && troubleOf(previous);
      if (kubernetesId && now !== before) {
        listener(kubernetesId);
      }
    });
  }

  /** No longer needed. */
  async stop(): Promise<void> {
    await this.#pods.release();
  }
}

function troubleOf({ containers, deleting, ready }: PodState) {
  return deleting || ready
    ? undefined
    : containers
        .map(({ waiting }) => waiting?.reason ?? '')
        .find(reason => HOPELESS.test(reason));
}
