import { NotFoundError } from '@backstage/errors';
import type {
  ApplicationCache,
  ArgoCdClient,
  CachedApplication,
} from '@waystone/integrations';
import type {
  DriftedObject,
  Freshness,
} from '@waystone/plugin-delivery-common';
import type {
  DeliverySource,
  ObservedDeployment,
} from '@waystone/plugin-delivery-node';
import { describeDrift } from './describeDrift';
import { toObservedDeployment } from './toObservedDeployment';

/** The Applications of one Argo CD. */
export class ArgoCdDeliverySource implements DeliverySource {
  readonly name: string;
  readonly #client: ArgoCdClient;
  readonly #cache: ApplicationCache;
  /** Made from an Application once, however often it is read. */
  readonly #observed = new WeakMap<CachedApplication, ObservedDeployment>();

  static create(options: {
    readonly client: ArgoCdClient;
    readonly cache: ApplicationCache;
  }): ArgoCdDeliverySource {
    return new ArgoCdDeliverySource(options.client, options.cache);
  }

  private constructor(client: ArgoCdClient, cache: ApplicationCache) {
    this.name = `argocd/${client.instance}`;
    this.#client = client;
    this.#cache = cache;
  }

  get freshness(): Freshness {
    return { ...this.#cache.freshness };
  }

  whenSynced(signal: AbortSignal): Promise<void> {
    return this.#cache.whenSynced(signal);
  }

  *list(): Generator<ObservedDeployment, void, undefined> {
    for (const application of this.#cache) {
      yield this.#observe(application);
    }
  }

  get(id: string): ObservedDeployment | undefined {
    const application = this.#find(id);
    return application && this.#observe(application);
  }

  subscribe(listener: (id: string | undefined) => void): () => void {
    const ends = [
      this.#cache.subscribe(({ application }) => listener(idOf(application))),
      this.#cache.subscribeState(() => listener(undefined)),
    ];
    return () => ends.forEach(end => end());
  }

  async drift(
    id: string,
    options: { readonly signal: AbortSignal },
  ): Promise<readonly DriftedObject[]> {
    const application = this.#find(id);
    if (!application) {
      throw new NotFoundError(`Argo CD has no Application '${id}'`);
    }
    const objects = await this.#client.managedResources(
      refOf(application),
      options,
    );
    return describeDrift(objects);
  }

  #find(id: string): CachedApplication | undefined {
    const slash = id.indexOf('/');
    return this.#cache.get(
      id.slice(slash + 1),
      slash > 0 ? id.slice(0, slash) : undefined,
    );
  }

  #observe(application: CachedApplication): ObservedDeployment {
    let observed = this.#observed.get(application);
    if (!observed) {
      observed = toObservedDeployment(application, {
        id: idOf(application),
        url: this.#client.pageOf(refOf(application)),
      });
      this.#observed.set(application, observed);
    }
    return observed;
  }
}

function idOf({ metadata }: CachedApplication): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function refOf({ metadata, spec }: CachedApplication) {
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    project: spec?.project ?? 'default',
  };
}
