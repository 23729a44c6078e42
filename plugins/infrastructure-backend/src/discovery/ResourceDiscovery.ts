import { NotFoundError } from '@backstage/errors';
import type { Environments } from '@waystone/environments';
import type { KubernetesService } from '@waystone/integrations';
import type { Discovered } from '@waystone/plugin-infrastructure-common';
import { z } from 'zod';
import type { ClusterWatch, WatchedKind } from '../worker/ClusterWatch';
import type { SeenResource } from './SeenResource';

const liveSchema = z.looseObject({
  metadata: z.looseObject({ uid: z.string() }),
  spec: z.record(z.string(), z.unknown()).nullish(),
});

/** What is there and could be managed here. */
export interface Adoptable {
  readonly kind: WatchedKind;
  readonly discovered: Discovered;
  readonly uid: string;
  /** What it was made with, without what Crossplane keeps for itself. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Finds resources of offered kinds that nobody requested here: made with kubectl, or from Git. */
export class ResourceDiscovery {
  readonly #environments: Environments;
  readonly #kubernetes: KubernetesService;
  readonly #watch: ClusterWatch;

  constructor(options: {
    readonly environments: Environments;
    readonly kubernetes: KubernetesService;
    readonly watch: ClusterWatch;
  }) {
    this.#environments = options.environments;
    this.#kubernetes = options.kubernetes;
    this.#watch = options.watch;
  }

  /** By cluster, namespace and name. */
  list(): Discovered[] {
    return [...this.#found()]
      .map(({ discovered }) => discovered)
      .sort((left, right) =>
        keyOf(left) < keyOf(right) ? -1 : Number(keyOf(left) > keyOf(right)),
      );
  }

  /**
   * One of them, as it is in the cluster now.
   *
   * @throws NotFoundError
   */
  async find(
    place: Pick<Discovered, 'cluster' | 'namespace' | 'name' | 'offering'>,
  ): Promise<Adoptable> {
    const wanted = keyOf(place);
    const found = [...this.#found()].find(
      ({ discovered }) => keyOf(discovered) === wanted,
    );
    if (!found) {
      throw new NotFoundError(
        'There is nothing of this name that could be taken over',
      );
    }
    const { kind, discovered } = found;
    const live = await this.#kubernetes.cluster(kind.cluster).get(
      {
        apiVersion: kind.apiVersion,
        kind: kind.kind,
        namespace: discovered.namespace,
        name: discovered.name,
      },
      { schema: liveSchema },
    );
    const { crossplane: _machinery, ...parameters } = live.spec ?? {};
    return { kind, discovered, uid: live.metadata.uid, parameters };
  }

  *#found(): Iterable<{
    readonly kind: WatchedKind;
    readonly discovered: Discovered;
  }> {
    for (const { kind, resource } of this.#watch.resources()) {
      if (!resource.requestId && !resource.isDeleting) {
        yield { kind, discovered: this.#toDiscovered(kind, resource) };
      }
    }
  }

  #toDiscovered(kind: WatchedKind, resource: SeenResource): Discovered {
    const place = this.#environments.find(kind.cluster, resource.namespace);
    const { createdAt, isReady, madeWith, name, namespace, owner } = resource;
    return {
      cluster: kind.cluster,
      namespace,
      name,
      offering: kind.offering,
      offeringTitle: kind.title,
      kind: kind.kind,
      ...(place && { environment: place.environment.name }),
      ...(place?.system && { system: place.system }),
      ...(madeWith && { madeWith }),
      ...(owner && { owner }),
      isReady,
      ...(createdAt && { createdAt }),
    };
  }
}

function keyOf(
  place: Pick<Discovered, 'cluster' | 'namespace' | 'name' | 'offering'>,
): string {
  return [place.cluster, place.namespace, place.name, place.offering].join('/');
}
