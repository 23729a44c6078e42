import type { UpstreamCache } from '../core/UpstreamRegistry';
import { DefaultWatchedCache } from './DefaultWatchedCache';
import type { WatchedCacheParts } from './DefaultWatchedCache';
import type { WatchedCache, WatchedCacheOptions } from './WatchedCache';

interface Shared {
  readonly name: string;
  readonly options: WatchedCacheOptions<any>;
  readonly cache: DefaultWatchedCache<any>;
  users: number;
}

/**
 * The watched caches of one cluster. Who asks for the same shares one watch.
 *
 * @internal
 */
export class CacheSet {
  readonly #parts: WatchedCacheParts;
  #shared: Shared[] = [];

  constructor(parts: WatchedCacheParts) {
    this.#parts = parts;
  }

  acquire<T>(options: WatchedCacheOptions<T>): WatchedCache<T> {
    const known = this.#shared.find(shared => isSame(shared.options, options));
    if (known) {
      known.users += 1;
      return known.cache;
    }
    const shared: Shared = {
      name: nameOf(options),
      options,
      users: 1,
      cache: new DefaultWatchedCache<T>(options, {
        ...this.#parts,
        onReleased: async () => {
          shared.users -= 1;
          if (shared.users === 0) {
            this.#shared = this.#shared.filter(other => other !== shared);
            await shared.cache.stop();
          }
        },
      }),
    };
    this.#shared.push(shared);
    shared.cache.start();
    return shared.cache;
  }

  describe(): readonly UpstreamCache[] {
    return this.#shared.map(({ name, cache }) => ({
      name,
      entries: cache.size,
      freshness: cache.freshness,
    }));
  }

  async close(): Promise<void> {
    const shared = this.#shared;
    this.#shared = [];
    await Promise.all(shared.map(({ cache }) => cache.stop()));
  }
}

function isSame(
  one: WatchedCacheOptions<any>,
  other: WatchedCacheOptions<any>,
): boolean {
  const names = Object.keys(one.indexes ?? {});
  return (
    nameOf(one) === nameOf(other) &&
    one.metadataOnly === other.metadataOnly &&
    one.transform === other.transform &&
    names.length === Object.keys(other.indexes ?? {}).length &&
    names.every(name => one.indexes?.[name] === other.indexes?.[name])
  );
}

function nameOf(options: WatchedCacheOptions<any>): string {
  const { fieldSelector, kind, labelSelector, namespace } = options;
  return [
    `${kind.apiVersion} ${kind.kind}`,
    namespace && `in ${namespace}`,
    labelSelector && `with ${labelSelector}`,
    fieldSelector && `where ${fieldSelector}`,
  ]
    .filter(Boolean)
    .join(' ');
}
