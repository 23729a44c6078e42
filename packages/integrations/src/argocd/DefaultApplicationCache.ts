import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Freshness } from '../core/Freshness';
import { UpstreamError } from '../core/UpstreamError';
import type { UpstreamCache } from '../core/UpstreamRegistry';
import type {
  ApplicationCache,
  ApplicationCacheChange,
  ApplicationCacheState,
} from './ApplicationCache';
import type { ArgoCdClient, ArgoCdFilter } from './Client';
import {
  DIGEST_FIELDS,
  digestOf,
  STREAM_FIELDS,
  toCachedApplication,
} from './toCachedApplication';
import type { CachedApplication } from './toCachedApplication';
import type { ArgoCdApplication } from './types';

/** How patient the cache is. Only tests have other values. @internal */
export interface CacheTimings {
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  /** The first part of a stream is over when nothing more has come for so long. */
  readonly quietMs: number;
  /** How often the held Applications are compared with a list, give or take a tenth. */
  readonly compareMs: number;
}

const TIMINGS: CacheTimings = {
  backoffMinMs: 500,
  backoffMaxMs: 30_000,
  quietMs: 500,
  compareMs: 300_000,
};

/**
 * Opens a stream, takes all Applications from its first part, and then compares them with a list: Argo CD subscribes a
 * stream to changes only after it has sent the first part, so changes in between would be lost for good.
 *
 * @internal
 */
export class DefaultApplicationCache implements ApplicationCache {
  readonly instance: string;
  readonly #client: ArgoCdClient;
  readonly #filter: ArgoCdFilter;
  readonly #timings: CacheTimings;
  readonly #logger?: LoggerService;
  readonly #applications = new Map<string, CachedApplication>();
  readonly #labels = new Map<string, Set<string>>();
  readonly #listeners = new Set<(change: ApplicationCacheChange) => void>();
  readonly #stateListeners = new Set<(state: ApplicationCacheState) => void>();
  readonly #abort = new AbortController();
  #state: ApplicationCacheState = { synced: false };
  #seen = new Set<string>();
  #failures = 0;
  #running?: Promise<void>;

  constructor(options: {
    readonly client: ArgoCdClient;
    readonly filter?: ArgoCdFilter;
    readonly timings?: Partial<CacheTimings>;
    readonly logger?: LoggerService;
  }) {
    this.instance = options.client.instance;
    this.#client = options.client;
    this.#filter = options.filter ?? {};
    this.#timings = { ...TIMINGS, ...options.timings };
    this.#logger = options.logger;
  }

  /** Connects, if it has not yet. */
  start(): this {
    this.#running ??= this.#run();
    return this;
  }

  get size(): number {
    return this.#applications.size;
  }

  get state(): ApplicationCacheState {
    return this.#state;
  }

  get freshness(): Freshness {
    const { synced, staleSince, reason, observedAt } = this.#state;
    const source = `argocd/${this.instance}`;
    if (!synced) {
      return {
        source,
        observedAt,
        stale: true,
        reason: reason ?? 'The Applications are being read for the first time',
      };
    }
    return {
      source,
      observedAt,
      stale: staleSince !== undefined,
      ...(staleSince !== undefined && { reason }),
    };
  }

  get upstreamCache(): UpstreamCache {
    return {
      name: 'applications',
      entries: this.size,
      freshness: this.freshness,
    };
  }

  [Symbol.iterator](): Iterator<CachedApplication> {
    return this.#applications.values();
  }

  get(name: string, namespace?: string): CachedApplication | undefined {
    if (namespace !== undefined) {
      return this.#applications.get(`${namespace}/${name}`);
    }
    const found = [...this.#keysOf('name', name)];
    return found.length === 1 ? this.#applications.get(found[0]) : undefined;
  }

  *byLabel(name: string, value: string): Iterable<CachedApplication> {
    for (const key of this.#keysOf(`label:${name}`, value)) {
      yield this.#applications.get(key)!;
    }
  }

  async whenSynced(signal?: AbortSignal): Promise<void> {
    const ended = AbortSignal.any([
      this.#abort.signal,
      ...(signal ? [signal] : []),
    ]);
    ended.throwIfAborted();
    if (this.#state.synced) {
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = () => reject(ended.reason);
    ended.addEventListener('abort', onAbort);
    const unsubscribe = this.subscribeState(({ synced }) => {
      if (synced) {
        resolve();
      }
    });
    try {
      await promise;
    } finally {
      unsubscribe();
      ended.removeEventListener('abort', onAbort);
    }
  }

  subscribe(listener: (change: ApplicationCacheChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  subscribeState(listener: (state: ApplicationCacheState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => void this.#stateListeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.#abort.abort(new Error('The cache was stopped'));
    await this.#running;
  }

  async #run() {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const connection = new AbortController();
      const both = AbortSignal.any([signal, connection.signal]);
      let failure: unknown;
      try {
        await Promise.all([
          this.#follow(both).finally(() => connection.abort()),
          this.#compareAgain(both).catch(error => {
            // Whatever ends the comparison ends the stream too: then everything starts anew.
            connection.abort();
            throw error;
          }),
        ]);
      } catch (error) {
        failure = error;
      }
      if (!signal.aborted) {
        await this.#pause(failure);
      }
    }
    this.#setStale('The cache was stopped');
  }

  /** Takes every event of one connection. */
  async #follow(signal: AbortSignal) {
    this.#seen = new Set();
    for await (const { type, application } of this.#client.streamApplications({
      ...this.#filter,
      fields: STREAM_FIELDS,
      signal,
      onAlive: () => this.#hear(),
    })) {
      if (type === 'DELETED') {
        this.#remove(keyOf(application), 'event');
      } else {
        this.#seen.add(keyOf(application));
        this.#set(application);
      }
    }
    throw this.#ended();
  }

  /** Compares with a list when the first part of the stream is over, and from time to time. */
  async #compareAgain(signal: AbortSignal) {
    let count = -1;
    while (this.#seen.size !== count) {
      count = this.#seen.size;
      await sleep(this.#timings.quietMs, undefined, { signal });
    }
    for (;;) {
      await this.#compare(signal);
      this.#failures = 0;
      this.#change({
        ...this.#state,
        synced: true,
        syncedAt: this.#state.syncedAt ?? now(),
        observedAt: now(),
        staleSince: undefined,
        reason: undefined,
      });
      const jitter = 0.9 + Math.random() * 0.2;
      await sleep(this.#timings.compareMs * jitter, undefined, {
        signal,
        ref: false,
      });
    }
  }

  async #compare(signal: AbortSignal) {
    const list = await this.#client.listApplications({
      ...this.#filter,
      fields: DIGEST_FIELDS,
      signal,
    });
    const listed = new Set(list.map(keyOf));
    for (const key of this.#applications.keys()) {
      if (!listed.has(key)) {
        this.#remove(key, 'list');
      }
    }
    for (const application of list) {
      const held = this.#applications.get(keyOf(application));
      if (!held || digestOf(held) !== digestOf(application)) {
        await this.#read(application, signal);
      }
    }
  }

  async #read(application: ArgoCdApplication, signal: AbortSignal) {
    const { name, namespace } = application.metadata;
    const found = await this.#client.findApplication(
      {
        name,
        project: application.spec?.project ?? 'default',
        namespace: this.#filter.namespace && namespace,
      },
      { signal },
    );
    if (found) {
      this.#set(found);
    } else {
      this.#remove(keyOf(application), 'list');
    }
  }

  async #pause(failure: unknown) {
    const { signal } = this.#abort;
    const { backoffMinMs, backoffMaxMs } = this.#timings;
    const error = failure instanceof UpstreamError ? failure : this.#ended();
    if (this.#failures === 0) {
      this.#logger?.warn(error.message);
    }
    this.#failures++;
    this.#setStale(error.reason);
    const longest = Math.min(
      backoffMaxMs,
      backoffMinMs * 2 ** (this.#failures - 1),
    );
    const wait = Math.max(
      (error.retryAfterSeconds ?? 0) * 1000,
      longest / 2 + (Math.random() * longest) / 2,
    );
    try {
      await sleep(wait, undefined, { signal, ref: false });
    } catch {
      // Stopped: the loop sees it.
    }
  }

  #ended(): UpstreamError {
    return new UpstreamError({
      system: 'argocd',
      instance: this.instance,
      operation: 'watch-applications',
      code: 'unreachable',
      reason: 'the connection has ended',
    });
  }

  #hear() {
    this.#state = { ...this.#state, observedAt: now() };
  }

  #set(application: ArgoCdApplication) {
    const key = keyOf(application);
    const previous = this.#applications.get(key);
    const cached = toCachedApplication(application);
    if (previous) {
      if (JSON.stringify(previous) === JSON.stringify(cached)) {
        return;
      }
      this.#index(key, previous, false);
    }
    this.#applications.set(key, cached);
    this.#index(key, cached, true);
    this.#tell({
      type: previous ? 'modified' : 'added',
      application: cached,
      ...(previous && { previous }),
    });
  }

  #remove(key: string, from: 'event' | 'list') {
    const previous = this.#applications.get(key);
    this.#seen.delete(key);
    if (previous) {
      this.#applications.delete(key);
      this.#index(key, previous, false);
      this.#tell({ type: 'deleted', application: previous });
      if (from === 'list') {
        this.#logger?.debug(
          `argocd (${this.instance}): missed the end of ${key}`,
        );
      }
    }
  }

  #index(key: string, { metadata }: CachedApplication, add: boolean) {
    const terms = [
      `name=${metadata.name}`,
      ...Object.entries(metadata.labels).map(
        ([name, value]) => `label:${name}=${value}`,
      ),
    ];
    for (const term of terms) {
      const keys = this.#labels.get(term) ?? new Set();
      if (add) {
        keys.add(key);
        this.#labels.set(term, keys);
      } else {
        keys.delete(key);
        if (keys.size === 0) {
          this.#labels.delete(term);
        }
      }
    }
  }

  #keysOf(name: string, value: string): ReadonlySet<string> {
    return this.#labels.get(`${name}=${value}`) ?? new Set();
  }

  #tell(change: ApplicationCacheChange) {
    this.#state = { ...this.#state, lastEventAt: now() };
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        this.#logger?.error(
          'A listener of Applications has failed',
          error as Error,
        );
      }
    }
  }

  #setStale(reason: string) {
    this.#change({
      ...this.#state,
      staleSince: this.#state.staleSince ?? now(),
      reason,
    });
  }

  #change(state: ApplicationCacheState) {
    const before = this.#state;
    this.#state = state;
    if (
      before.synced !== state.synced ||
      before.staleSince !== state.staleSince ||
      before.reason !== state.reason
    ) {
      this.#stateListeners.forEach(listener => listener(state));
    }
  }
}

function keyOf({ metadata }: ArgoCdApplication): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function now(): string {
  return new Date().toISOString();
}
