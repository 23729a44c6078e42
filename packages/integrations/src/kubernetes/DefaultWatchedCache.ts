import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { Freshness } from '../core/Freshness';
import type { UpstreamError } from '../core/UpstreamError';
import { unlessAborted } from '../core/unlessAborted';
import type { UpstreamHttp } from '../core/UpstreamHttp';
import type { KindDiscovery } from './KindDiscovery';
import { ObjectStore } from './ObjectStore';
import type {
  CacheChange,
  WatchedCache,
  WatchedCacheOptions,
  WatchedCacheState,
} from './WatchedCache';
import { WATCH_TIMINGS, WatchLoop } from './WatchLoop';
import type { WatchTimings } from './WatchLoop';

/** @internal */
export interface WatchedCacheParts {
  readonly http: UpstreamHttp;
  readonly kinds: KindDiscovery;
  readonly logger?: LoggerService;
  readonly timings?: WatchTimings;
}

/** @internal */
export class DefaultWatchedCache<T> implements WatchedCache<T> {
  readonly #source: string;
  readonly #logger?: LoggerService;
  readonly #store: ObjectStore<T>;
  readonly #loop: WatchLoop;
  readonly #onReleased: () => Promise<void>;
  readonly #listeners = new Set<(change: CacheChange<T>) => void>();
  readonly #stateListeners = new Set<(state: WatchedCacheState) => void>();
  readonly #synced: Promise<void>;
  #resolveSynced = () => {};
  #rejectSynced = (_: Error) => {};
  #syncedAt?: Date;
  #staleSince?: Date;
  #reason?: string;
  #lastEventAt?: Date;
  #observedAt?: Date;

  constructor(
    options: WatchedCacheOptions<T>,
    parts: WatchedCacheParts & { readonly onReleased: () => Promise<void> },
  ) {
    const { http, kinds, logger } = parts;
    this.#source = `${http.system}/${http.instance}`;
    this.#logger = logger;
    this.#onReleased = parts.onReleased;
    this.#synced = new Promise((resolve, reject) => {
      this.#resolveSynced = resolve;
      this.#rejectSynced = reject;
    });
    // Nobody has to wait for it.
    this.#synced.catch(() => {});
    const store = new ObjectStore<T>(options, change => {
      this.#lastEventAt = new Date();
      this.#tell(this.#listeners, change);
    });
    this.#store = store;
    this.#loop = new WatchLoop({
      http,
      ...options,
      resolveKind: () => kinds.resolve(options.kind),
      timings: parts.timings ?? WATCH_TIMINGS,
      listener: {
        replace: () => store.replace(),
        set: object => store.set(object),
        delete: object => store.delete(object),
        onHeard: () => {
          this.#observedAt = new Date();
        },
        onSynced: () => {
          this.#syncedAt = new Date();
          this.#resolveSynced();
          this.#setStale(undefined, true);
        },
        onWatching: () => this.#setStale(undefined),
        onStale: error => this.#setStale(error),
      },
    });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#rejectSynced(new Error('The cache was released'));
    this.#listeners.clear();
    this.#stateListeners.clear();
    await this.#loop.stop();
  }

  get size(): number {
    return this.#store.size;
  }

  get state(): WatchedCacheState {
    return {
      synced: this.#syncedAt !== undefined,
      syncedAt: this.#syncedAt?.toISOString(),
      staleSince: this.#staleSince?.toISOString(),
      reason: this.#reason,
      lastEventAt: this.#lastEventAt?.toISOString(),
      observedAt: this.#observedAt?.toISOString(),
    };
  }

  get freshness(): Freshness {
    return {
      source: this.#source,
      observedAt: this.#observedAt?.toISOString(),
      stale: this.#syncedAt === undefined || this.#staleSince !== undefined,
      reason:
        this.#reason ??
        (this.#syncedAt ? undefined : 'It is being read for the first time'),
    };
  }

  async whenSynced(signal?: AbortSignal): Promise<void> {
    return unlessAborted(this.#synced, signal);
  }

  get(name: string, namespace?: string): T | undefined {
    return this.#store.get(name, namespace);
  }

  by(index: string, value: string): Iterable<T> {
    return this.#store.by(index, value);
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#store.values();
  }

  subscribe(
    listener: (change: CacheChange<T>) => void,
    options?: { readonly initial?: boolean },
  ): () => void {
    if (options?.initial) {
      this.#store.replay(listener);
    }
    // Each subscription is one of its own, even of the same function.
    const own = (change: CacheChange<T>) => listener(change);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  subscribeState(listener: (state: WatchedCacheState) => void): () => void {
    const own = (state: WatchedCacheState) => listener(state);
    this.#stateListeners.add(own);
    return () => void this.#stateListeners.delete(own);
  }

  async release(): Promise<void> {
    await this.#onReleased();
  }

  #setStale(error: UpstreamError | undefined, always = false) {
    const before = this.#reason;
    this.#staleSince = error ? this.#staleSince ?? new Date() : undefined;
    // That the breaker is open says less than why it is.
    if (error?.code !== 'breaker-open' || before === undefined) {
      this.#reason = error?.message;
    }
    if (always || before !== this.#reason) {
      this.#tell(this.#stateListeners, this.state);
    }
  }

  #tell<E>(listeners: ReadonlySet<(event: E) => void>, event: E) {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#logger?.error(
          `A listener of ${this.#source} failed`,
          toError(error),
        );
      }
    }
  }
}
