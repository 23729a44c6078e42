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
import { ObjectWriter } from './ObjectWriter';
import { readEvents } from './readEvents';
import { readPages } from './readPages';
import { resourcePath } from './resourcePath';
import { kubernetesObjectSchema, versionSchema } from './types';
import type {
  KindRef,
  KubernetesManifest,
  KubernetesObject,
  ObjectRef,
} from './types';
import type { WatchedCache, WatchedCacheOptions } from './WatchedCache';

const LIST_RESTARTS = 3;
const LOG_LINES = 500;
const LOG_BYTES = 5 * 1024 * 1024;
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
  readonly #writer: ObjectWriter;
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
    this.#writer = new ObjectWriter({ http: options.http, ...parts });
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
    options?: WriteOptions,
  ): Promise<WriteResult> {
    return this.#writer.create(manifest, options);
  }

  async replace(
    manifest: KubernetesManifest,
    options?: WriteOptions,
  ): Promise<WriteResult> {
    return this.#writer.replace(manifest, options);
  }

  async apply(
    manifest: KubernetesManifest,
    options?: ApplyOptions,
  ): Promise<WriteResult> {
    return this.#writer.apply(manifest, options);
  }

  async patch(
    ref: ObjectRef,
    patch: KubernetesPatch,
    options?: WriteOptions,
  ): Promise<WriteResult> {
    return this.#writer.patch(ref, patch, options);
  }

  async delete(ref: ObjectRef, options?: DeleteOptions) {
    return this.#writer.delete(ref, options);
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
