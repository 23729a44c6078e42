import { setTimeout as sleep } from 'node:timers/promises';
import { errorCodeOf } from '../core/explainAnswer';
import { UpstreamError } from '../core/UpstreamError';
import type { UpstreamHttp } from '../core/UpstreamHttp';
import { explainStatus } from './errors';
import { readPages } from './readPages';
import { resourcePath } from './resourcePath';
import { watchEventSchema } from './types';
import type { KubernetesObject, ResourceKind } from './types';
import type { WatchedCacheOptions } from './WatchedCache';

const METADATA =
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json';

/**
 * How patient a watch is. Only tests have other values.
 *
 * @internal
 */
export interface WatchTimings {
  /** How long one watch lasts, between this and twice as long. */
  readonly watchSeconds: number;
  /** A silent watch is opened again after so long. Bookmarks come about every minute, but no server has to send them. */
  readonly silentMs: number;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
}

/** @internal */
export const WATCH_TIMINGS: WatchTimings = {
  watchSeconds: 300,
  silentMs: 100_000,
  backoffMinMs: 1000,
  backoffMaxMs: 30_000,
};

/** What a loop tells. @internal */
export interface WatchListener {
  /** A new list begins; what was known stays until it is committed. */
  replace(): { add(object: KubernetesObject): void; commit(): void };
  set(object: KubernetesObject): void;
  delete(object: KubernetesObject): void;
  /** The list is complete. */
  onSynced(): void;
  /** The cluster said something, be it only that nothing has changed. */
  onHeard(): void;
  /** The watch is open: from now on no change is missed. */
  onWatching(): void;
  /** Changes may be missed from now on. */
  onStale(error: UpstreamError): void;
}

/** @internal */
export interface WatchLoopOptions
  extends Pick<
    WatchedCacheOptions<unknown>,
    'namespace' | 'labelSelector' | 'fieldSelector' | 'metadataOnly'
  > {
  readonly http: UpstreamHttp;
  readonly resolveKind: () => Promise<ResourceKind>;
  readonly listener: WatchListener;
  readonly timings: WatchTimings;
}

/**
 * Lists once and then watches, for as long as it runs: starts again after every failure, later each time, and lists
 * anew only if the cluster no longer knows where it was.
 *
 * @remarks
 * The watch and the informer of `@kubernetes/client-node` 1.4 do not do: no bookmarks, no end of a silent connection,
 * no pause after 410, and no start after other errors.
 *
 * @internal
 */
export class WatchLoop {
  readonly #options: WatchLoopOptions;
  readonly #stop = new AbortController();
  #ended?: Promise<void>;
  #resourceVersion?: string;
  /** Whether the last watch had begun when it ended. */
  #isOpen = false;
  /** How often the cluster could not be reached, since it last could. */
  #outages = 0;
  /** How many watches in a row have brought nothing. */
  #fruitless = 0;

  constructor(options: WatchLoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#ended ??= this.#run();
  }

  /** Resolves when nothing is left of it. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #run() {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const kind = await this.#options.resolveKind();
        if (this.#resourceVersion === undefined) {
          await this.#list(kind);
        }
        await this.#watch(kind);
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  async #list(kind: ResourceKind) {
    const { listener } = this.#options;
    const list = listener.replace();
    this.#isOpen = false;
    let resourceVersion = '';
    for await (const page of readPages({
      ...this.#options,
      kind,
      signal: this.#stop.signal,
    })) {
      page.items.forEach(item => list.add(item));
      resourceVersion = page.resourceVersion;
    }
    list.commit();
    this.#outages = 0;
    this.#resourceVersion = resourceVersion;
    listener.onHeard();
    listener.onSynced();
  }

  async #watch(kind: ResourceKind) {
    const { http, listener, metadataOnly, timings } = this.#options;
    const { fieldSelector, labelSelector, namespace } = this.#options;
    const openedAt = performance.now();
    this.#isOpen = false;
    try {
      for await (const line of http.lines({
        operation: `watch-${kind.resource}`,
        path: resourcePath(kind, { namespace }),
        query: {
          watch: true,
          allowWatchBookmarks: true,
          resourceVersion: this.#resourceVersion,
          timeoutSeconds: Math.round(
            timings.watchSeconds * (1 + Math.random()),
          ),
          labelSelector,
          fieldSelector,
        },
        headers: metadataOnly ? { accept: METADATA } : {},
        signal: this.#stop.signal,
        idleTimeoutMs: timings.silentMs,
        onHeaders: () => {
          this.#isOpen = true;
          this.#outages = 0;
          listener.onHeard();
          listener.onWatching();
        },
      })) {
        if (line !== '') {
          this.#apply(kind, line);
          this.#fruitless = 0;
        }
      }
    } catch (error) {
      const silent =
        this.#isOpen &&
        error instanceof UpstreamError &&
        error.code === 'timeout';
      if (!silent) {
        throw error;
      }
    }
    if (performance.now() - openedAt < timings.backoffMinMs) {
      throw this.#error('unavailable', 'it ends watches at once');
    }
    // Its time was up, or it fell silent. Nothing is missed: the next one goes on where this one ended.
    this.#fruitless = 0;
  }

  #apply(kind: ResourceKind, line: string) {
    const { listener } = this.#options;
    const event = parseEvent(line);
    if (!event) {
      throw this.#error('unexpected-answer', 'a watch sent what is no event');
    }
    if (event.type === 'ERROR') {
      const failure = explainStatus(event.object);
      throw this.#error(
        failure.code ?? errorCodeOf(event.object.code ?? 500),
        failure.reason,
      );
    }
    listener.onHeard();
    this.#resourceVersion =
      event.object.metadata.resourceVersion ?? this.#resourceVersion;
    if (event.type === 'BOOKMARK') {
      return;
    }
    const object = {
      ...event.object,
      apiVersion: kind.apiVersion,
      kind: kind.kind,
    };
    if (event.type === 'DELETED') {
      listener.delete(object);
    } else {
      listener.set(object);
    }
  }

  async #recover(thrown: unknown) {
    const { signal } = this.#stop;
    if (signal.aborted) {
      return;
    }
    const { backoffMaxMs, backoffMinMs } = this.#options.timings;
    const error =
      thrown instanceof UpstreamError
        ? thrown
        : this.#error('failed', `${thrown}`);
    this.#options.listener.onStale(error);
    let failures = 0;
    if (error.code === 'expired' || this.#isOpen) {
      this.#fruitless += 1;
      failures = this.#fruitless;
    } else {
      this.#outages += 1;
      failures = this.#outages;
    }
    if (
      error.code === 'expired' ||
      (error.code === 'unexpected-answer' && failures > 2)
    ) {
      this.#resourceVersion = undefined;
    }
    const most = Math.min(backoffMaxMs, backoffMinMs * 2 ** (failures - 1));
    const asked = (error.retryAfterSeconds ?? 0) * 1000;
    // Random, so that the watches of a cluster that was away do not come back all at once.
    await sleep(
      Math.max(asked, most / 2) + Math.random() * (most / 2),
      undefined,
      {
        signal,
      },
    ).catch(() => {
      // Stopped.
    });
  }

  #error(code: UpstreamError['code'], reason: string): UpstreamError {
    const { http } = this.#options;
    return new UpstreamError({
      system: http.system,
      instance: http.instance,
      operation: 'watch',
      code,
      reason,
    });
  }
}

function parseEvent(line: string) {
  try {
    return watchEventSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
