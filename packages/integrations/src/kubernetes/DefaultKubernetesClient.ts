import { InputError, NotAllowedError } from '@backstage/errors';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { UpstreamError } from '../core/UpstreamError';
import { pathOf } from '../core/UpstreamHttp';
import type { UpstreamHttp, UpstreamRequest } from '../core/UpstreamHttp';
import type { Upstream } from '../core/UpstreamRegistry';
import { AccessReviews } from './AccessReviews';
import type { AccessUser, ResourceAttributes } from './AccessReviews';
import { CacheSet } from './CacheSet';
import type {
  ApplyOptions,
  DeleteOptions,
  EventOptions,
  GetOptions,
  Impersonation,
  KubernetesClient,
  KubernetesPatch,
  ListOptions,
  ObjectList,
  PodLogOptions,
  ReadOptions,
  WriteOptions,
  WriteResult,
} from './Client';
import { KindDiscovery } from './KindDiscovery';
import { readEvents } from './readEvents';
import { readPages } from './readPages';
import { readWarnings } from './readWarnings';
import { resourcePath } from './resourcePath';
import { kubernetesObjectSchema, versionSchema } from './types';
import type {
  KindRef,
  KubernetesManifest,
  KubernetesObject,
  ObjectRef,
} from './types';
import type { WatchedCache, WatchedCacheOptions } from './WatchedCache';

const FIELD_MANAGER = 'waystone';
const LIST_RESTARTS = 3;
const LOG_LINES = 500;
const LOG_BYTES = 5 * 1024 * 1024;
const PATCH_TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

type ImpersonationHeaders = Readonly<
  Record<string, string | readonly string[]>
>;

/** @internal */
export interface KubernetesClientOptions {
  readonly http: UpstreamHttp;
  readonly title?: string;
  readonly logger?: LoggerService;
  /** Whom the portal may act for; nobody without it. */
  readonly mayImpersonate?: (identity: Impersonation) => boolean;
}

/** @internal */
export class DefaultKubernetesClient implements KubernetesClient {
  readonly cluster: string;
  readonly title: string;
  readonly url: string;
  readonly #options: KubernetesClientOptions;
  readonly #http: UpstreamHttp;
  readonly #kinds: KindDiscovery;
  readonly #reviews: AccessReviews;
  readonly #caches: CacheSet;
  readonly #headers: ImpersonationHeaders;

  static create(options: KubernetesClientOptions): DefaultKubernetesClient {
    const { http, logger } = options;
    const kinds = new KindDiscovery(http);
    return new DefaultKubernetesClient(options, {
      kinds,
      reviews: new AccessReviews(http),
      caches: new CacheSet({ http, kinds, logger }),
      headers: {},
    });
  }

  private constructor(
    options: KubernetesClientOptions,
    parts: {
      readonly kinds: KindDiscovery;
      readonly reviews: AccessReviews;
      readonly caches: CacheSet;
      readonly headers: ImpersonationHeaders;
    },
  ) {
    this.#options = options;
    this.#http = options.http;
    this.#kinds = parts.kinds;
    this.#reviews = parts.reviews;
    this.#caches = parts.caches;
    this.#headers = parts.headers;
    this.cluster = options.http.instance;
    this.title = options.title ?? this.cluster;
    this.url = options.http.baseUrl;
  }

  async version(options: ReadOptions = {}): Promise<string> {
    const { gitVersion } = await this.#http.json(
      {
        operation: 'get-version',
        path: '/version',
        signal: options.signal,
      },
      versionSchema,
    );
    return gitVersion;
  }

  async resolveKind(kind: KindRef, options: ReadOptions = {}) {
    return this.#kinds.resolve(kind, options.signal);
  }

  async listKinds(apiVersion: string, options: ReadOptions = {}) {
    return this.#kinds.list(apiVersion, options.signal);
  }

  async get<T = KubernetesObject>(
    ref: ObjectRef,
    options: GetOptions<T> = {},
  ): Promise<T> {
    return (await this.#http.json(
      await this.#requestOf(ref, `get-${ref.kind}`, options),
      options.schema ?? kubernetesObjectSchema,
    )) as T;
  }

  async find<T = KubernetesObject>(
    ref: ObjectRef,
    options?: GetOptions<T>,
  ): Promise<T | undefined> {
    try {
      return await this.get(ref, options);
    } catch (error) {
      if (error instanceof UpstreamError && error.code === 'not-found') {
        return undefined;
      }
      throw error;
    }
  }

  async list(kind: KindRef, options: ListOptions = {}): Promise<ObjectList> {
    for (let restarts = 0; ; restarts++) {
      const items: KubernetesObject[] = [];
      const warnings = new Set<string>();
      let resourceVersion = '';
      try {
        for await (const page of this.pages(kind, options)) {
          items.push(...page.items);
          page.warnings.forEach(warning => warnings.add(warning));
          resourceVersion = page.resourceVersion;
        }
        return { items, resourceVersion, warnings: [...warnings] };
      } catch (error) {
        if (
          !(error instanceof UpstreamError) ||
          error.code !== 'expired' ||
          restarts >= LIST_RESTARTS
        ) {
          throw error;
        }
      }
    }
  }

  async *pages(
    kind: KindRef,
    options: ListOptions = {},
  ): AsyncGenerator<ObjectList, void, undefined> {
    yield* readPages({
      http: this.#http,
      kind: await this.#kinds.resolve(kind, options.signal),
      headers: this.#headers,
      ...options,
    });
  }

  async create(
    manifest: KubernetesManifest,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    const kind = await this.#kinds.resolve(manifest, options.signal);
    return this.#write({
      ...this.#writeOf(`create-${manifest.kind}`, options),
      method: 'POST',
      path: resourcePath(kind, { namespace: namespaceOf(manifest, kind) }),
      body: manifest,
    });
  }

  async replace(
    manifest: KubernetesManifest,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    return this.#write({
      ...this.#writeOf(`replace-${manifest.kind}`, options),
      method: 'PUT',
      path: await this.#pathOf(manifest, options),
      body: manifest,
      // A repetition fails if the object has a resource version, and else is the same again.
      idempotent: manifest.metadata.resourceVersion === undefined,
    });
  }

  async apply(
    manifest: KubernetesManifest,
    options: ApplyOptions = {},
  ): Promise<WriteResult> {
    const request = this.#writeOf(`apply-${manifest.kind}`, options);
    return this.#write({
      ...request,
      method: 'PATCH',
      path: await this.#pathOf(manifest, options),
      query: { ...request.query, force: options.force ?? false },
      // JSON is YAML.
      body: JSON.stringify(manifest),
      headers: {
        ...request.headers,
        'content-type': 'application/apply-patch+yaml',
      },
      idempotent: true,
      // Admission webhooks may take their time.
      firstByteTimeoutMs: 25_000,
      timeoutMs: 25_000,
    });
  }

  async patch(
    ref: ObjectRef,
    patch: KubernetesPatch,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    const kind = await this.#kinds.resolve(ref, options.signal);
    const request = this.#writeOf(`patch-${ref.kind}`, {
      // Without it, as other clients send patches: what is not known is dropped with a warning.
      fieldValidation: 'Warn',
      ...options,
    });
    return this.#write({
      ...request,
      method: 'PATCH',
      path: resourcePath(kind, { ...ref, subresource: options.subresource }),
      body: JSON.stringify(patch.patch),
      headers: { ...request.headers, 'content-type': PATCH_TYPES[patch.type] },
    });
  }

  async delete(ref: ObjectRef, options: DeleteOptions = {}) {
    const { dryRun, gracePeriodSeconds, preconditions, signal } = options;
    const kind = await this.#kinds.resolve(ref, signal);
    try {
      const { headers } = await this.#http.raw({
        operation: `delete-${ref.kind}`.toLowerCase(),
        method: 'DELETE',
        path: resourcePath(kind, ref),
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          propagationPolicy: options.propagationPolicy ?? 'Background',
          gracePeriodSeconds,
          preconditions,
          ...(dryRun && { dryRun: ['All'] }),
        },
        headers: this.#headers,
        // Else a repetition could delete what has just been created anew.
        idempotent: preconditions?.uid !== undefined,
        signal,
      });
      return { found: true, warnings: readWarnings(headers) };
    } catch (error) {
      if (error instanceof UpstreamError && error.code === 'not-found') {
        return { found: false, warnings: [] };
      }
      throw error;
    }
  }

  async canI(attributes: ResourceAttributes) {
    return this.#reviews.review(undefined, attributes, this.#headers);
  }

  async canUser(user: AccessUser, attributes: ResourceAttributes) {
    return this.#reviews.review(user, attributes, this.#headers);
  }

  async logs(options: PodLogOptions): Promise<readonly string[]> {
    const { limitBytes = LOG_BYTES } = options;
    const text = await this.#http.text({
      ...this.#logRequest(options),
      query: { ...this.#logRequest(options).query, limitBytes },
      maxBytes: limitBytes + 1024,
    });
    return text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined);
  }

  followLogs(options: PodLogOptions): AsyncIterable<string> {
    const request = this.#logRequest(options);
    return this.#http.lines({
      ...request,
      query: { ...request.query, follow: true },
      // A service may have nothing to say for days.
      idleTimeoutMs: Infinity,
      maxLineBytes: 1024 * 1024,
    });
  }

  async events(options: EventOptions = {}) {
    return readEvents(this, options);
  }

  cache<T = KubernetesObject>(
    options: WatchedCacheOptions<T>,
  ): WatchedCache<T> {
    if (Object.keys(this.#headers).length > 0) {
      throw new NotAllowedError(
        'What is held in memory is read by the portal itself; check what a user may see when it is handed out',
      );
    }
    return this.#caches.acquire(options);
  }

  impersonate(identity: Impersonation): KubernetesClient {
    const { groups = [], uid, user } = identity;
    if (!this.#options.mayImpersonate?.(identity)) {
      throw new NotAllowedError(
        `The portal may not act for '${user}' in cluster '${this.cluster}'; see waystone.integrations.kubernetes.impersonation`,
      );
    }
    if (
      [user, uid ?? '', ...groups].some(value => /[^\u0020-\u007e]/.test(value))
    ) {
      throw new InputError(
        'A name to act for has characters that no header may have',
      );
    }
    return new DefaultKubernetesClient(this.#options, {
      kinds: this.#kinds,
      reviews: this.#reviews,
      caches: this.#caches,
      headers: {
        'impersonate-user': user,
        ...(uid && { 'impersonate-uid': uid }),
        ...(groups.length > 0 && { 'impersonate-group': groups }),
      },
    });
  }

  get upstream(): Upstream {
    return {
      system: this.#http.system,
      instance: this.cluster,
      url: this.url,
      probe: async signal => {
        try {
          return {
            version: await this.version({ signal }),
            authenticated: true,
          };
        } catch (error) {
          if (
            error instanceof UpstreamError &&
            error.code === 'unauthenticated'
          ) {
            return { authenticated: false };
          }
          throw error;
        }
      },
      health: () => this.#http.health(),
      caches: () => this.#caches.describe(),
    };
  }

  async close(): Promise<void> {
    await this.#caches.close();
    await this.#http.close();
  }

  async #requestOf(
    ref: ObjectRef,
    operation: string,
    options: ReadOptions,
  ): Promise<UpstreamRequest> {
    return {
      operation: operation.toLowerCase(),
      path: resourcePath(await this.#kinds.resolve(ref, options.signal), ref),
      headers: this.#headers,
      signal: options.signal,
    };
  }

  async #pathOf(
    manifest: KubernetesManifest,
    options: WriteOptions,
  ): Promise<string> {
    const kind = await this.#kinds.resolve(manifest, options.signal);
    const { name } = manifest.metadata;
    if (!name) {
      throw new InputError(`The ${manifest.kind} has no metadata.name`);
    }
    return resourcePath(kind, {
      namespace: namespaceOf(manifest, kind),
      name,
      subresource: options.subresource,
    });
  }

  #writeOf(operation: string, options: WriteOptions) {
    return {
      operation: operation.toLowerCase(),
      query: {
        fieldManager: options.fieldManager ?? FIELD_MANAGER,
        fieldValidation: options.fieldValidation ?? 'Strict',
        dryRun: options.dryRun ? 'All' : undefined,
      },
      headers: this.#headers,
      signal: options.signal,
    };
  }

  async #write(request: UpstreamRequest): Promise<WriteResult> {
    let warnings: readonly string[] = [];
    const object = await this.#http.json(
      {
        ...request,
        onHeaders: headers => {
          warnings = readWarnings(headers);
        },
      },
      kubernetesObjectSchema,
    );
    return { object, warnings };
  }

  #logRequest(options: PodLogOptions) {
    const { container, namespace, pod, previous, sinceSeconds, timestamps } =
      options;
    return {
      operation: 'read-logs',
      path: pathOf`/api/v1/namespaces/${namespace}/pods/${pod}/log`,
      query: {
        container,
        tailLines: options.tailLines ?? LOG_LINES,
        previous: previous || undefined,
        sinceSeconds,
        timestamps: timestamps || undefined,
      },
      headers: { ...this.#headers, accept: 'text/plain, */*' },
      signal: options.signal,
    };
  }
}

function namespaceOf(
  manifest: KubernetesManifest,
  kind: { readonly namespaced: boolean; readonly kind: string },
): string | undefined {
  const { name, namespace } = manifest.metadata;
  if (kind.namespaced && !namespace) {
    throw new InputError(
      `The ${kind.kind} '${name ?? ''}' has no metadata.namespace`,
    );
  }
  return namespace;
}
