import type { Freshness } from '../core/Freshness';
import type { KindRef, KubernetesObject } from './types';

/**
 * What a {@link WatchedCache} holds.
 *
 * @public
 */
export interface WatchedCacheOptions<T = KubernetesObject> {
  readonly kind: KindRef;
  /** @defaultValue all of them */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Watches only `metadata`, where that is all that is needed. */
  readonly metadataOnly?: boolean;
  /**
   * Makes of an object what is kept of it; undefined leaves it out. Keep little: it is held for every object. Give the
   * same function each time, as who gives another one gets a cache of their own.
   *
   * @defaultValue the object without managed fields, kubectl's copy of it, and the values of a Secret
   */
  readonly transform?: (object: KubernetesObject) => T | undefined;
  /** The values by which objects are found, from the whole object. Give the same functions each time. */
  readonly indexes?: Readonly<
    Record<string, (object: KubernetesObject) => readonly string[]>
  >;
}

/** @public */
export interface CacheChange<T> {
  readonly type: 'added' | 'modified' | 'deleted';
  readonly namespace?: string;
  readonly name: string;
  /** For `deleted`: how it was last seen. */
  readonly object: T;
  readonly previous?: T;
}

/** @public */
export interface WatchedCacheState {
  /** Whether all objects have been read once. */
  readonly synced: boolean;
  readonly syncedAt?: string;
  /** Since when changes may be missing; undefined if none are. */
  readonly staleSince?: string;
  /** Why, for people. */
  readonly reason?: string;
  /** When an object last changed. */
  readonly lastEventAt?: string;
  /** When the cluster last said anything. */
  readonly observedAt?: string;
}

/**
 * All objects of one kind, in memory. Reads cost the cluster nothing.
 *
 * @remarks
 * Objects are shared by all readers: never change one. Iterables read the cache as it is; for an array, copy.
 *
 * @public
 */
export interface WatchedCache<T = KubernetesObject> extends Iterable<T> {
  readonly size: number;
  readonly state: WatchedCacheState;
  readonly freshness: Freshness;
  /** Resolves when all objects have been read once; rejects when the signal aborts or the cache is released. */
  whenSynced(signal?: AbortSignal): Promise<void>;
  get(name: string, namespace?: string): T | undefined;
  /** Those for which an index gave the value. `namespace`, `owner` (a UID) and `label` (`name=value`) are always there. */
  by(index: string, value: string): Iterable<T>;
  /**
   * Tells of every change, in order, after it was made. With `initial`, of what is there already too.
   *
   * @returns A function that ends it.
   */
  subscribe(
    listener: (change: CacheChange<T>) => void,
    options?: { readonly initial?: boolean },
  ): () => void;
  /** Tells when it has synced, become stale, or is current again. */
  subscribeState(listener: (state: WatchedCacheState) => void): () => void;
  /** No longer needed. With the last one the watch ends. */
  release(): Promise<void>;
}
