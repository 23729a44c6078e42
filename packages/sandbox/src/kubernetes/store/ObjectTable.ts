import type { KubernetesObject } from '../KubernetesCluster';

/** How many changes of one kind a watch can catch up with, at least. */
const HISTORY = 1_000;

/**
 * One change of one object.
 *
 * @internal
 */
export interface StoredEvent {
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly key: string;
  /** What it is now, or for DELETED what it was at last. */
  readonly object: KubernetesObject;
  /** What it was before; undefined for ADDED. */
  readonly previous?: KubernetesObject;
}

/**
 * All objects of one kind, ordered by key, with the changes that were made last.
 *
 * @internal
 */
export class ObjectTable {
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #listeners = new Set<(event: StoredEvent) => void>();
  #keys: string[] | undefined;
  #history: StoredEvent[] = [];
  /** Changes up to this revision are forgotten. */
  #forgotten = 0;

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): KubernetesObject | undefined {
    return this.#objects.get(key);
  }

  /** The keys that begin with `prefix`, ordered, as a range of {@link ObjectTable.keys}. */
  range(prefix: string): { readonly start: number; readonly end: number } {
    const keys = this.keys();
    if (prefix === '') {
      return { start: 0, end: keys.length };
    }
    return {
      start: lowerBound(keys, prefix),
      end: lowerBound(keys, `${prefix}\uffff`),
    };
  }

  /** All keys, ordered. Not to be changed, and valid until the next write only. */
  keys(): readonly string[] {
    this.#keys ??= [...this.#objects.keys()].sort(compareKeys);
    return this.#keys;
  }

  values(): IterableIterator<KubernetesObject> {
    return this.#objects.values();
  }

  entries(): IterableIterator<[string, KubernetesObject]> {
    return this.#objects.entries();
  }

  /** Stores a change. Those who listen are told by {@link ObjectTable.notify}. */
  write(event: StoredEvent): void {
    this.restore(
      event.key,
      event.type === 'DELETED' ? undefined : event.object,
    );
    this.#history.push(event);
    if (this.#history.length >= 2 * HISTORY) {
      this.#forgotten = this.#history[HISTORY - 1].revision;
      this.#history = this.#history.slice(HISTORY);
    }
  }

  /** Tells everyone who listens of a change that was written. */
  notify(event: StoredEvent): void {
    for (const listener of [...this.#listeners]) {
      listener(event);
    }
  }

  /** Stores without an event, as when the state is read at start. */
  restore(key: string, object: KubernetesObject | undefined): void {
    if (!object) {
      this.#objects.delete(key);
      if (this.#keys) {
        const index = lowerBound(this.#keys, key);
        if (this.#keys[index] === key) {
          this.#keys.splice(index, 1);
        }
      }
      return;
    }
    if (this.#keys && !this.#objects.has(key)) {
      this.#keys.splice(lowerBound(this.#keys, key), 0, key);
    }
    this.#objects.set(key, object);
  }

  /** Forgets all changes up to a revision: no watch can begin before it. */
  forget(revision: number): void {
    this.#forgotten = Math.max(this.#forgotten, revision);
    this.#history = this.#history.filter(event => event.revision > revision);
  }

  /** The changes after a revision, or undefined if they are not all known any more. */
  eventsSince(revision: number): readonly StoredEvent[] | undefined {
    if (revision < this.#forgotten) {
      return undefined;
    }
    let low = 0;
    let high = this.#history.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#history[middle].revision <= revision) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return this.#history.slice(low);
  }

  /**
   * What differs between now and an earlier revision: the objects as they were then, undefined for those
   * that did not exist. Undefined as a whole if that is not known any more.
   */
  changesBackTo(
    revision: number,
  ): ReadonlyMap<string, KubernetesObject | undefined> | undefined {
    const events = this.eventsSince(revision);
    if (!events) {
      return undefined;
    }
    const before = new Map<string, KubernetesObject | undefined>();
    for (const event of events) {
      if (!before.has(event.key)) {
        before.set(event.key, event.previous);
      }
    }
    return before;
  }

  /** Calls back on each change, in order. Returns what ends it. */
  listen(listener: (event: StoredEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}

/** Orders as etcd does for the names that Kubernetes allows. */
export function compareKeys(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
}

/** The first index whose key is not before `key`. */
export function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (keys[middle] < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
