import { NotFoundError } from '@backstage/errors';
import type {
  ApplicationCache,
  ArgoCdClient,
  CachedApplication,
  ForgeService,
} from '@waystone/integrations';
import type {
  Commit,
  DriftedObject,
  Freshness,
} from '@waystone/plugin-delivery-common';
import type {
  DeliverySource,
  Inspection,
  ObservedDeployment,
} from '@waystone/plugin-delivery-node';
import { describeDrift } from './describeDrift';
import { imagesOf } from './imagesOf';
import { toInspection } from './toInspection';
import { toObservedDeployment } from './toObservedDeployment';

/** The Applications of one Argo CD. */
export class ArgoCdDeliverySource implements DeliverySource {
  readonly name: string;
  readonly #client: ArgoCdClient;
  readonly #cache: ApplicationCache;
  readonly #forges: ForgeService;
  /** Made from an Application once, however often it is read. */
  readonly #observed = new WeakMap<CachedApplication, ObservedDeployment>();

  static create(options: {
    readonly client: ArgoCdClient;
    readonly cache: ApplicationCache;
    readonly forges: ForgeService;
  }): ArgoCdDeliverySource {
    return new ArgoCdDeliverySource(options);
  }

  private constructor(
    options: Parameters<typeof ArgoCdDeliverySource.create>[0],
  ) {
    this.name = `argocd/${options.client.instance}`;
    this.#client = options.client;
    this.#cache = options.cache;
    this.#forges = options.forges;
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

  async inspect(
    id: string,
    options: { readonly signal: AbortSignal },
  ): Promise<Inspection> {
    const application = this.#find(id);
    if (!application) {
      throw new NotFoundError(`Argo CD has no Application '${id}'`);
    }
    const ref = refOf(application);
    // What was done to each object is not held, as it is read only here.
    const [current, tree] = await Promise.all([
      this.#client.getApplication(ref, options),
      this.#client.resourceTree(ref, options),
    ]);
    return toInspection(current, tree);
  }

  async images(
    id: string,
    revision: string,
    options: { readonly signal: AbortSignal },
  ): Promise<readonly string[]> {
    const application = this.#find(id);
    if (!application) {
      throw new NotFoundError(`Argo CD has no Application '${id}'`);
    }
    return imagesOf(
      await this.#client.manifests(refOf(application), {
        ...options,
        revision,
      }),
    );
  }

  async commit(
    id: string,
    revision: string,
    options: { readonly signal: AbortSignal },
  ): Promise<Commit | undefined> {
    const application = this.#find(id);
    if (!application) {
      return undefined;
    }
    return (
      (await this.#commitOfForge(application, revision, options)) ??
      toCommit(
        await this.#client.revisionMetadata(
          refOf(application),
          revision,
          options,
        ),
      )
    );
  }

  /** The forge knows the page of a commit; Argo CD does not. */
  async #commitOfForge(
    { spec }: CachedApplication,
    revision: string,
    options: { readonly signal: AbortSignal },
  ): Promise<Commit | undefined> {
    const url = (spec?.source ?? spec?.sources[0])?.repoURL;
    const known = this.#forges.forges.find(forge => url && forge.parseUrl(url));
    const repository = url && known?.parseUrl(url);
    if (!known || !repository) {
      return undefined;
    }
    const [commit] = await known.listCommits(repository, {
      ref: revision,
      limit: 1,
      ...options,
    });
    return (
      commit && {
        author: commit.author.name,
        message: firstLine(commit.message),
        at: commit.authoredAt,
        url: commit.url,
      }
    );
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

function toCommit(metadata: {
  readonly author?: string;
  readonly date?: string;
  readonly message?: string;
}): Commit {
  const at = new Date(metadata.date ?? '');
  return {
    // Argo CD gives the address too: `Maya Okafor <maya@example.com>`.
    author: metadata.author?.replace(/\s*<[^>]*>$/, ''),
    message: metadata.message && firstLine(metadata.message),
    at: Number.isNaN(at.getTime()) ? undefined : at.toISOString(),
  };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0].slice(0, 200);
}
