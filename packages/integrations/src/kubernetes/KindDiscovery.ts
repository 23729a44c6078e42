import { pathOf } from '../core/UpstreamHttp';
import type { UpstreamHttp } from '../core/UpstreamHttp';
import { UpstreamError } from '../core/UpstreamError';
import type { KubernetesFailure } from './errors';
import { splitApiVersion } from './resourcePath';
import { resourceListSchema } from './types';
import type { KindRef, ResourceKind } from './types';

const KEPT_MS = 10 * 60_000;
// A kind that is missing may just have been installed.
const MISSING_KEPT_MS = 1000;

interface Entry {
  readonly kinds: Promise<readonly ResourceKind[]>;
  readonly readAt: number;
}

/**
 * Knows the kinds that a cluster serves, also those of CustomResourceDefinitions.
 *
 * @internal
 */
export class KindDiscovery {
  readonly #http: UpstreamHttp;
  readonly #versions = new Map<string, Entry>();

  constructor(http: UpstreamHttp) {
    this.#http = http;
  }

  /** @throws UpstreamError `not-found` if the cluster does not serve the kind. */
  async resolve(ref: KindRef, signal?: AbortSignal): Promise<ResourceKind> {
    const { apiVersion, kind } = ref;
    const known = this.#versions.get(apiVersion);
    const found = find(await this.#kinds(apiVersion, KEPT_MS, signal), kind);
    if (found) {
      return found;
    }
    const again =
      known &&
      find(await this.#kinds(apiVersion, MISSING_KEPT_MS, signal), kind);
    if (again) {
      return again;
    }
    throw this.#notServed(ref);
  }

  /** All kinds of one version of a group, such as `constraints.gatekeeper.sh/v1beta1`; none if it is not there. */
  async list(
    apiVersion: string,
    signal?: AbortSignal,
  ): Promise<readonly ResourceKind[]> {
    return this.#kinds(apiVersion, MISSING_KEPT_MS, signal);
  }

  async #kinds(
    apiVersion: string,
    keptMs: number,
    signal?: AbortSignal,
  ): Promise<readonly ResourceKind[]> {
    const known = this.#versions.get(apiVersion);
    if (known && Date.now() - known.readAt < keptMs) {
      return known.kinds;
    }
    signal?.throwIfAborted();
    // Shared with whoever asks meanwhile, so no caller's signal ends it.
    const kinds = this.#read(apiVersion);
    const entry = { kinds, readAt: Date.now() };
    this.#versions.set(apiVersion, entry);
    kinds.catch(() => {
      if (this.#versions.get(apiVersion) === entry) {
        this.#versions.delete(apiVersion);
      }
    });
    return kinds;
  }

  async #read(apiVersion: string): Promise<readonly ResourceKind[]> {
    const { group, version } = splitApiVersion(apiVersion);
    const list = await this.#http.findJson(
      {
        operation: 'discover-kinds',
        path: group
          ? pathOf`/apis/${group}/${version}`
          : pathOf`/api/${version}`,
      },
      resourceListSchema,
    );
    const resources = list?.resources ?? [];
    return resources
      .filter(resource => !resource.name.includes('/'))
      .map(resource => ({
        apiVersion,
        group,
        version,
        kind: resource.kind,
        resource: resource.name,
        namespaced: resource.namespaced,
        verbs: resource.verbs,
        subresources: resources
          .filter(other => other.name.startsWith(`${resource.name}/`))
          .map(other => other.name.slice(resource.name.length + 1)),
      }));
  }

  #notServed({ apiVersion, kind }: KindRef): UpstreamError {
    return new UpstreamError({
      system: this.#http.system,
      instance: this.#http.instance,
      operation: 'discover-kinds',
      code: 'not-found',
      status: 404,
      reason: `it has no ${kind} in ${apiVersion}`,
      advice: 'Install what brings its CustomResourceDefinition',
      details: { type: 'kind-not-served' } satisfies KubernetesFailure,
    });
  }
}

function find(
  kinds: readonly ResourceKind[],
  kind: string,
): ResourceKind | undefined {
  return kinds.find(candidate => candidate.kind === kind);
}
