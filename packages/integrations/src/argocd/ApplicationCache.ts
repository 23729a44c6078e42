import type { Freshness } from '../core/Freshness';
import type { UpstreamCache } from '../core/UpstreamRegistry';
import type { CachedApplication } from './toCachedApplication';

/** A change of a held Application. @public */
export interface ApplicationCacheChange {
  readonly type: 'added' | 'modified' | 'deleted';
  readonly application: CachedApplication;
  readonly previous?: CachedApplication;
}

/** @public */
export interface ApplicationCacheState {
  /** Whether all Applications have been read and compared once. */
  readonly synced: boolean;
  readonly syncedAt?: string;
  /** Since when changes may be missing; undefined if none are. */
  readonly staleSince?: string;
  /** Why, for people. */
  readonly reason?: string;
  /** When an Application last changed. */
  readonly lastEventAt?: string;
  /** When Argo CD last showed a sign of life. */
  readonly observedAt?: string;
}

/**
 * All Applications of one Argo CD, in memory: one connection whatever the number of readers.
 *
 * @remarks
 * Applications are shared by all readers and frozen.
 *
 * @public
 */
export interface ApplicationCache extends Iterable<CachedApplication> {
  readonly instance: string;
  readonly size: number;
  readonly state: ApplicationCacheState;
  readonly freshness: Freshness;
  /** For the health page. */
  readonly upstreamCache: UpstreamCache;
  /** Resolves when all have been read once; rejects when the signal aborts or the cache is stopped. */
  whenSynced(signal?: AbortSignal): Promise<void>;
  /** @param namespace - where the Application object is; undefined finds the only one of the name */
  get(name: string, namespace?: string): CachedApplication | undefined;
  /** Those with a label. */
  byLabel(name: string, value: string): Iterable<CachedApplication>;
  /**
   * Tells of every change, in order, after it was made.
   *
   * @returns A function that ends it.
   */
  subscribe(listener: (change: ApplicationCacheChange) => void): () => void;
  /** Tells when it has synced, become stale, or is current again. */
  subscribeState(listener: (state: ApplicationCacheState) => void): () => void;
  /** Ends the connection. What is held stays and is stale. */
  stop(): Promise<void>;
}
