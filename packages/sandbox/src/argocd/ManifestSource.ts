import { sourcesOf } from './ApplicationTypes';
import type { Application, ApplicationSource } from './ApplicationTypes';
import type { GitRepositories } from './git/GitRepositories';
import type { LiveState } from './live/LiveState';
import type { Destination } from './Destinations';
import { keyOf, keyText, trackingAnnotation } from './live/ResourceKey';
import { makeObjectAt, stableStringify } from './rendering/Json';
import type { JsonObject } from './rendering/Json';
import { renderSource } from './rendering/renderSource';
import type { RenderedSource } from './rendering/renderSource';
import { hookTypes } from './sync/SyncTask';

/** What Git says that an Application is. @internal */
export interface TargetState {
  readonly revisions: readonly string[];
  readonly sourceType: string;
  /** In the namespace and with the mark that they get in the cluster. */
  readonly resources: readonly JsonObject[];
  readonly hooks: readonly JsonObject[];
  /** Keys that came up more than once. */
  readonly repeated: readonly string[];
}

/** How many rendered sources stay in memory. */
const KEPT = 512;

/**
 * Renders the sources of Applications. What was rendered once from the same commit and settings is not rendered again.
 *
 * @internal
 */
export class ManifestSource {
  readonly #repositories: GitRepositories;
  readonly #live: LiveState;
  readonly #rendered = new Map<string, RenderedSource>();

  constructor(options: { repositories: GitRepositories; live: LiveState }) {
    this.#repositories = options.repositories;
    this.#live = options.live;
  }

  /** Asks the repositories of the sources what is new in them. */
  async update(sources: readonly ApplicationSource[]): Promise<void> {
    const urls = new Set(sources.map(({ repoURL }) => repoURL));
    await Promise.all([...urls].map(url => this.#repositories.update(url)));
  }

  /** The commits that the sources' revisions stand for, as of the last update of the repositories. */
  async resolve(
    sources: readonly ApplicationSource[],
    revisions: readonly (string | undefined)[] = [],
  ): Promise<string[]> {
    return await Promise.all(
      sources.map((source, index) =>
        this.#repositories.resolveRevision(
          source.repoURL,
          revisions[index] || source.targetRevision || 'HEAD',
        ),
      ),
    );
  }

  /**
   * @param revisions - commits, one for each source
   * @throws what keeps a source from being rendered, in Argo CD's words
   */
  async load(
    application: Application,
    destination: Destination,
    instance: string,
    options: {
      readonly sources?: readonly ApplicationSource[];
      readonly revisions: readonly string[];
      /** Renders even what is known. */
      readonly hard?: boolean;
    },
  ): Promise<TargetState> {
    const sources = options.sources ?? sourcesOf(application.spec);
    const rendered = await Promise.all(
      sources.map((source, index) =>
        this.#render(
          application,
          source,
          options.revisions[index],
          options.hard,
        ),
      ),
    );
    const resources = new Map<string, JsonObject>();
    const hooks: JsonObject[] = [];
    const repeated = new Set<string>();
    const namespace = application.spec.destination.namespace ?? '';
    for (const object of rendered.flatMap(({ objects }) => objects)) {
      const target = this.#complete(object, destination, instance, namespace);
      const types = hookTypes(target);
      if (types.length > 0) {
        if (!types.includes('Skip')) {
          hooks.push(target);
        }
        continue;
      }
      const key = keyText(keyOf(target));
      if (resources.has(key)) {
        repeated.add(key);
      }
      resources.set(key, target);
    }
    return {
      revisions: options.revisions,
      sourceType: rendered[0]?.sourceType ?? 'Directory',
      resources: [...resources.values()],
      hooks,
      repeated: [...repeated],
    };
  }

  async #render(
    application: Application,
    source: ApplicationSource,
    revision: string,
    hard = false,
  ): Promise<RenderedSource> {
    if (source.ref && !source.path && !source.chart) {
      return { sourceType: 'Directory', objects: [] };
    }
    const environment = {
      ARGOCD_APP_NAME: application.metadata.name ?? '',
      ARGOCD_APP_NAMESPACE: application.spec.destination.namespace ?? '',
      ARGOCD_APP_PROJECT_NAME: application.spec.project,
      ARGOCD_APP_REVISION: revision,
      ARGOCD_APP_REVISION_SHORT: revision.slice(0, 7),
      ARGOCD_APP_REVISION_SHORT_8: revision.slice(0, 8),
      ARGOCD_APP_SOURCE_PATH: source.path ?? '',
      ARGOCD_APP_SOURCE_REPO_URL: source.repoURL,
      ARGOCD_APP_SOURCE_TARGET_REVISION: source.targetRevision ?? '',
    };
    const key = stableStringify([source, revision, environment]);
    const known = this.#rendered.get(key);
    if (known && !hard) {
      return known;
    }
    const tree = await this.#repositories.readTree(source.repoURL, revision);
    const rendered = renderSource(tree, source, environment);
    this.#rendered.set(key, rendered);
    if (this.#rendered.size > KEPT) {
      const [oldest] = this.#rendered.keys();
      this.#rendered.delete(oldest);
    }
    return rendered;
  }

  #complete(
    object: JsonObject,
    destination: Destination,
    instance: string,
    namespace: string,
  ): JsonObject {
    const target = structuredClone(object);
    const metadata = makeObjectAt(target, 'metadata');
    const type = keyOf(target);
    if (!this.#live.isNamespaced(destination.cluster, type)) {
      delete metadata.namespace;
    } else if (!metadata.namespace && namespace) {
      metadata.namespace = namespace;
    }
    Object.assign(
      makeObjectAt(metadata, 'annotations'),
      trackingAnnotation(instance, keyOf(target), namespace),
    );
    return target;
  }
}
