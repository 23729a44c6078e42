import type { z } from 'zod';
import { errorCodeOf } from '../core/explainAnswer';
import { refusesCredentials } from '../core/refusesCredentials';
import { UpstreamError } from '../core/UpstreamError';
import { pathOf } from '../core/UpstreamHttp';
import type { UpstreamHttp, UpstreamRequest } from '../core/UpstreamHttp';
import type { Upstream, UpstreamCache } from '../core/UpstreamRegistry';
import type {
  ArgoCdApplicationEvent,
  ArgoCdApplicationRef,
  ArgoCdCallOptions,
  ArgoCdClient,
  ArgoCdFilter,
  ArgoCdSyncOptions,
} from './Client';
import { explainMessage } from './errors';
import * as schemas from './types';
import type {
  ArgoCdApplication,
  ArgoCdHistoryEntry,
  ArgoCdManagedResource,
  ArgoCdResourceTree,
  ArgoCdRevisionMetadata,
  ArgoCdSyncWindows,
} from './types';

/** Argo CD takes a write only with exactly this, and a DELETE too. */
const JSON_TYPE = { 'content-type': 'application/json' };
/** Ten thousand Applications with all their resources are some fifty megabytes. */
const LARGEST_LIST = 150_000_000;
/** A server-sent stream shows a sign of life every 15 seconds. */
const SILENCE_MS = 60_000;
/** The first sign of life of a stream without Applications. */
const FIRST_BYTE_MS = 30_000;
/** A refresh, or rendering a large source. */
const SLOW_MS = 60_000;

/** @internal */
export class DefaultArgoCdClient implements ArgoCdClient {
  readonly instance: string;
  readonly #http: UpstreamHttp;
  readonly #namespace?: string;
  readonly #caches: () => readonly UpstreamCache[];

  /** @param options - `namespace` is Argo CD's own, if Applications elsewhere are used */
  constructor(options: {
    readonly http: UpstreamHttp;
    readonly namespace?: string;
    readonly caches?: () => readonly UpstreamCache[];
  }) {
    this.#http = options.http;
    this.instance = options.http.instance;
    this.#namespace = options.namespace;
    this.#caches = options.caches ?? (() => []);
  }

  get upstream(): Upstream {
    return {
      system: this.#http.system,
      instance: this.instance,
      url: this.#http.baseUrl,
      probe: async signal => {
        const version = await this.version({ signal });
        try {
          const { loggedIn } = await this.#http.json(
            {
              operation: 'check-token',
              path: '/api/v1/session/userinfo',
              signal,
            },
            schemas.userInfoSchema,
          );
          return { version, authenticated: loggedIn === true };
        } catch (error) {
          if (refusesCredentials(error)) {
            return { version, authenticated: false };
          }
          throw error;
        }
      },
      health: () => this.#http.health(),
      caches: () => this.#caches(),
    };
  }

  pageOf({ name, namespace = this.#namespace }: ArgoCdApplicationRef): string {
    const path = namespace
      ? pathOf`/applications/${namespace}/${name}`
      : pathOf`/applications/${name}`;
    return `${this.#http.baseUrl}${path}`;
  }

  async version({ signal }: ArgoCdCallOptions = {}) {
    const { Version } = await this.#http.json(
      { operation: 'read-version', path: '/api/version', signal },
      schemas.versionSchema,
    );
    return Version;
  }

  async listApplications(
    options: ArgoCdCallOptions &
      ArgoCdFilter & { readonly fields?: readonly string[] } = {},
  ): Promise<ArgoCdApplication[]> {
    const { items } = await this.#http.json(
      {
        operation: 'list-applications',
        path: '/api/v1/applications',
        query: { ...filterQuery(options), fields: options.fields?.join(',') },
        signal: options.signal,
        maxBytes: LARGEST_LIST,
        timeoutMs: SLOW_MS,
        // Argo CD writes the whole answer before it sends any of it.
        firstByteTimeoutMs: SLOW_MS,
      },
      schemas.applicationListSchema,
    );
    return items;
  }

  async *streamApplications(
    options: ArgoCdCallOptions &
      ArgoCdFilter & {
        readonly fields?: readonly string[];
        readonly onAlive?: () => void;
      } = {},
  ): AsyncGenerator<ArgoCdApplicationEvent, void, undefined> {
    const lines = this.#http.lines({
      operation: 'watch-applications',
      path: '/api/v1/stream/applications',
      query: { ...filterQuery(options), fields: options.fields?.join(',') },
      // Only this form shows signs of life; the plain one is silent until something happens.
      headers: { accept: 'text/event-stream' },
      signal: options.signal,
      timeoutMs: FIRST_BYTE_MS,
      firstByteTimeoutMs: FIRST_BYTE_MS,
      idleTimeoutMs: SILENCE_MS,
    });
    for await (const line of lines) {
      options.onAlive?.();
      const event = this.#readEvent(line);
      if (event) {
        yield event;
      }
    }
  }

  #readEvent(line: string): ArgoCdApplicationEvent | undefined {
    const data = line.startsWith('data:') ? line.slice(5) : line;
    if (!data.trimStart().startsWith('{')) {
      return undefined;
    }
    const fail = (code: UpstreamError['code'], reason: string): never => {
      throw new UpstreamError({
        system: this.#http.system,
        instance: this.instance,
        operation: 'watch-applications',
        code,
        reason,
      });
    };
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      return fail('unexpected-answer', 'a line of the stream is not JSON');
    }
    const message = schemas.streamMessageSchema.safeParse(value);
    if (!message.success) {
      return fail(
        'unexpected-answer',
        'a line of the stream is not an event of an Application',
      );
    }
    if ('error' in message.data) {
      const { http_code: status = 500, message: text } = message.data.error;
      const { code, reason } = text
        ? explainMessage(status, text)
        : { code: errorCodeOf(status), reason: 'it ended the stream' };
      return fail(code, reason);
    }
    return message.data.result;
  }

  async getApplication(
    application: ArgoCdApplicationRef,
    options: ArgoCdCallOptions & { readonly refresh?: 'normal' | 'hard' } = {},
  ): Promise<ArgoCdApplication> {
    return await this.#http.json(
      this.#read('get-application', application, '', options, {
        refresh: options.refresh,
      }),
      schemas.applicationSchema,
    );
  }

  async findApplication(
    application: ArgoCdApplicationRef,
    options: ArgoCdCallOptions = {},
  ): Promise<ArgoCdApplication | undefined> {
    return await this.#http.findJson(
      this.#read('get-application', application, '', options),
      schemas.applicationSchema,
    );
  }

  async resourceTree(
    application: ArgoCdApplicationRef,
    options: ArgoCdCallOptions = {},
  ): Promise<ArgoCdResourceTree> {
    return await this.#http.json(
      this.#read('read-resource-tree', application, '/resource-tree', options),
      schemas.resourceTreeSchema,
    );
  }

  async managedResources(
    application: ArgoCdApplicationRef,
    options: ArgoCdCallOptions = {},
  ): Promise<ArgoCdManagedResource[]> {
    const { items } = await this.#http.json(
      this.#read(
        'read-managed-resources',
        application,
        '/managed-resources',
        options,
      ),
      schemas.managedResourcesSchema,
    );
    return items;
  }

  async manifests(
    application: ArgoCdApplicationRef,
    options: ArgoCdCallOptions & { readonly revision?: string } = {},
  ): Promise<readonly unknown[]> {
    const { manifests } = await this.#http.json(
      {
        ...this.#read('read-manifests', application, '/manifests', options, {
          revision: options.revision,
        }),
        timeoutMs: SLOW_MS,
        firstByteTimeoutMs: SLOW_MS,
      },
      schemas.manifestsSchema,
    );
    return manifests;
  }

  async history(
    application: ArgoCdApplicationRef,
    options: ArgoCdCallOptions = {},
  ): Promise<readonly ArgoCdHistoryEntry[]> {
    const { status } = await this.getApplication(application, options);
    return status?.history ?? [];
  }

  async revisionMetadata(
    application: ArgoCdApplicationRef,
    revision: string,
    options: ArgoCdCallOptions = {},
  ): Promise<ArgoCdRevisionMetadata> {
    return await this.#http.json(
      this.#read(
        'read-revision-metadata',
        application,
        pathOf`/revisions/${revision}/metadata`,
        options,
      ),
      schemas.revisionMetadataSchema,
    );
  }

  async syncWindows(
    application: ArgoCdApplicationRef,
    options: ArgoCdCallOptions = {},
  ): Promise<ArgoCdSyncWindows> {
    return await this.#http.json(
      this.#read('read-sync-windows', application, '/syncwindows', options),
      schemas.syncWindowsSchema,
    );
  }

  async sync(
    application: ArgoCdApplicationRef,
    options: ArgoCdSyncOptions = {},
  ): Promise<ArgoCdApplication> {
    const { revision, prune, dryRun, force, resources, syncOptions } = options;
    return await this.#write(
      'sync',
      application,
      {
        revision,
        prune: prune ?? false,
        dryRun: dryRun ?? false,
        ...(force && { strategy: { hook: { force } } }),
        ...(resources && {
          resources: resources.map(resource => ({ group: '', ...resource })),
        }),
        ...(syncOptions && { syncOptions: { items: syncOptions } }),
      },
      options,
    );
  }

  async rollback(
    application: ArgoCdApplicationRef,
    id: number,
    options: ArgoCdCallOptions & {
      readonly prune?: boolean;
      readonly dryRun?: boolean;
    } = {},
  ): Promise<ArgoCdApplication> {
    const { prune = false, dryRun = false } = options;
    return await this.#write(
      'rollback',
      application,
      { id, prune, dryRun },
      options,
    );
  }

  async terminate(
    application: ArgoCdApplicationRef,
    { signal }: ArgoCdCallOptions = {},
  ): Promise<void> {
    await this.#http.send({
      operation: 'terminate-operation',
      method: 'DELETE',
      path: pathOf`/api/v1/applications/${application.name}/operation`,
      query: this.#address(application),
      headers: JSON_TYPE,
      idempotent: false,
      signal,
    });
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  #read(
    operation: string,
    application: ArgoCdApplicationRef,
    below: string,
    { signal }: ArgoCdCallOptions,
    query: UpstreamRequest['query'] = {},
  ): UpstreamRequest & { readonly firstByteTimeoutMs?: number } {
    const refresh = query.refresh !== undefined;
    return {
      operation,
      path: `${pathOf`/api/v1/applications/${application.name}`}${below}`,
      query: { ...this.#address(application), ...query },
      signal,
      // A refresh is a write in disguise: Argo CD does it once more for every try.
      ...(refresh && {
        idempotent: false,
        timeoutMs: SLOW_MS,
        firstByteTimeoutMs: SLOW_MS,
      }),
    };
  }

  async #write(
    action: 'sync' | 'rollback',
    application: ArgoCdApplicationRef,
    body: object,
    { signal }: ArgoCdCallOptions,
  ): Promise<z.output<typeof schemas.applicationSchema>> {
    return await this.#http.json(
      {
        operation: `${action}-application`,
        method: 'POST',
        path: `${pathOf`/api/v1/applications/${application.name}`}/${action}`,
        headers: JSON_TYPE,
        body: {
          name: application.name,
          ...this.#address(application),
          ...body,
        },
        signal,
      },
      schemas.applicationSchema,
    );
  }

  #address({ project, namespace = this.#namespace }: ArgoCdApplicationRef) {
    return { project, ...(namespace && { appNamespace: namespace }) };
  }
}

function filterQuery({
  projects,
  selector,
  repository,
  namespace,
}: ArgoCdFilter) {
  return {
    projects,
    selector,
    repo: repository,
    appNamespace: namespace,
  };
}
