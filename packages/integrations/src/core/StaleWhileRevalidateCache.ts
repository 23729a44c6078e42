import { LRUCache } from 'lru-cache';
import type { Freshness } from './Freshness';
import { unlessAborted } from './unlessAborted';
import { UpstreamError } from './UpstreamError';
import type { UpstreamCache } from './UpstreamRegistry';

/**
 * Options of {@link StaleWhileRevalidateCache}.
 *
 * @public
 */
export interface StaleWhileRevalidateCacheOptions {
  /** What is in it, such as `manifests`. */
  readonly name: string;
  /** The system and instance, such as `argocd/main`. */
  readonly source: string;
  /** The least recently used ones give way. @defaultValue 500 */
  readonly maxEntries?: number;
  /** So long it is handed out as it is. @defaultValue 5 seconds */
  readonly freshMs?: number;
  /** So long it is handed out while it is read again. @defaultValue 60 seconds */
  readonly staleWhileRevalidateMs?: number;
  /** So long it is handed out if it cannot be read again. @defaultValue 15 minutes */
  readonly staleIfErrorMs?: number;
}

/**
 * What is cached, and for whom.
 *
 * @public
 */
export interface CacheKey {
  /** Such as `applications/order-service/manifests?revision=abc`. */
  readonly resource: string;
  /**
   * Who may see it: an entry is never shared between two scopes. A user's reference where the call is made with the
   * user's credentials.
   *
   * @defaultValue the portal's own identity
   */
  readonly scope?: string;
}

/** @public */
export interface LoadContext<V> {
  /** What the system said the last time, for `If-None-Match`. */
  readonly etag?: string;
  readonly previous?: V;
}

/**
 * A value, or that the one from before is still right.
 *
 * @public
 */
export type Loaded<V> =
  | { readonly value: V; readonly etag?: string }
  | 'not-modified';

/** @public */
export interface Cached<V> {
  readonly value: V;
  readonly freshness: Freshness;
}

interface Entry<V> {
  readonly value: V;
  readonly etag?: string;
  readonly observedAt: number;
  /** Why it could not be read again, if so. */
  failure?: UpstreamError;
}

const PORTAL = '';

/**
 * Holds plain reads for a short while. Many who ask for the same at once cause one call; who asks a little later gets
 * the value at once while it is read again; and when the system fails, the last value stays, with the reason.
 *
 * @public
 */
export class StaleWhileRevalidateCache<V extends {}> {
  readonly #options: Required<StaleWhileRevalidateCacheOptions>;
  readonly #entries: LRUCache<string, Entry<V>>;
  readonly #loads = new Map<string, Promise<Entry<V>>>();

  constructor(options: StaleWhileRevalidateCacheOptions) {
    this.#options = {
      maxEntries: 500,
      freshMs: 5000,
      staleWhileRevalidateMs: 60_000,
      staleIfErrorMs: 15 * 60_000,
      ...options,
    };
    this.#entries = new LRUCache({ max: this.#options.maxEntries });
  }

  /**
   * @param load - Reads the value. It is shared by all who wait, so give it no caller's signal: its own time limit
   * ends it.
   * @param options - `signal` ends the waiting of this caller only.
   *
   * @throws what `load` throws if there is no value that may stand in.
   */
  async get(
    key: CacheKey,
    load: (context: LoadContext<V>) => Promise<Loaded<V>>,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Cached<V>> {
    const { freshMs, staleIfErrorMs, staleWhileRevalidateMs } = this.#options;
    const id = toId(key);
    const entry = this.#entries.get(id);
    const age = entry ? Date.now() - entry.observedAt : Infinity;
    if (entry && age < freshMs) {
      return this.#toCached(entry);
    }
    const loading = this.#load(key, load);
    if (entry && age < staleWhileRevalidateMs) {
      // Its failure is kept with the entry.
      loading.catch(() => {});
      return this.#toCached(entry);
    }
    try {
      return this.#toCached(await unlessAborted(loading, options.signal));
    } catch (error) {
      const last = this.#entries.get(id);
      if (
        last?.failure &&
        !options.signal?.aborted &&
        Date.now() - last.observedAt < staleIfErrorMs
      ) {
        return this.#toCached(last);
      }
      throw error;
    }
  }

  /** Forgets a resource for everybody, after it was changed. */
  invalidate(resource: string): void {
    for (const id of this.#entries.keys()) {
      if (id.slice(id.indexOf('\n') + 1) === resource) {
        this.#entries.delete(id);
      }
    }
  }

  clear(): void {
    this.#entries.clear();
  }

  /** For the registry of upstream instances. */
  describe(): UpstreamCache {
    const entries = [...this.#entries.values()];
    const newest = entries.reduce<Entry<V> | undefined>(
      (best, entry) =>
        !best || entry.observedAt > best.observedAt ? entry : best,
      undefined,
    );
    return {
      name: this.#options.name,
      entries: entries.length,
      freshness: newest
        ? this.#toFreshness(newest)
        : { source: this.#options.source, stale: false },
    };
  }

  #load(
    key: CacheKey,
    load: (context: LoadContext<V>) => Promise<Loaded<V>>,
  ): Promise<Entry<V>> {
    const id = toId(key);
    const running = this.#loads.get(id);
    if (running) {
      return running;
    }
    const loading = this.#loadNow(key, load).finally(() => {
      this.#loads.delete(id);
    });
    this.#loads.set(id, loading);
    return loading;
  }

  async #loadNow(
    key: CacheKey,
    load: (context: LoadContext<V>) => Promise<Loaded<V>>,
  ): Promise<Entry<V>> {
    const id = toId(key);
    const previous = this.#entries.get(id);
    try {
      const loaded = await load({
        etag: previous?.etag,
        previous: previous?.value,
      });
      if (loaded === 'not-modified' && !previous) {
        throw new TypeError('Nothing was there that could be unmodified');
      }
      const entry: Entry<V> = {
        ...(loaded === 'not-modified' ? previous! : loaded),
        observedAt: Date.now(),
        failure: undefined,
      };
      this.#entries.set(id, entry);
      return entry;
    } catch (error) {
      if (!(error instanceof UpstreamError) || isFinal(error, key)) {
        this.#entries.delete(id);
      } else if (previous && error.code !== 'breaker-open') {
        previous.failure = error;
      } else if (previous) {
        // That the breaker is open says less than why it is.
        previous.failure ??= error;
      }
      throw error;
    }
  }

  #toCached(entry: Entry<V>): Cached<V> {
    return { value: entry.value, freshness: this.#toFreshness(entry) };
  }

  #toFreshness(entry: Entry<V>): Freshness {
    const { failure } = entry;
    return {
      source: this.#options.source,
      observedAt: new Date(entry.observedAt).toISOString(),
      stale: failure !== undefined,
      reason: failure?.message,
    };
  }
}

/** Whether an old copy would contradict the answer, rather than stand in for it. */
function isFinal({ code }: UpstreamError, { scope }: CacheKey): boolean {
  switch (code) {
    case 'denied':
    case 'not-found':
    case 'invalid':
    case 'expired':
      return true;
    case 'unauthenticated':
      // Without valid credentials nobody knows what a user may still see.
      return scope !== undefined;
    default:
      return false;
  }
}

function toId({ resource, scope = PORTAL }: CacheKey): string {
  return `${scope}\n${resource}`;
}
