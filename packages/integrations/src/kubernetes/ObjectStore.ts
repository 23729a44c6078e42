import type { KubernetesObject } from './types';
import type { CacheChange, WatchedCacheOptions } from './WatchedCache';

type Index = (object: KubernetesObject) => readonly string[];

interface Entry<T> {
  readonly value: T;
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly indexed: readonly (readonly [index: string, value: string])[];
}

const BUILT_IN_INDEXES: Readonly<Record<string, Index>> = {
  namespace: ({ metadata }) => (metadata.namespace ? [metadata.namespace] : []),
  owner: ({ metadata }) =>
    (metadata.ownerReferences ?? []).map(({ uid }) => uid),
  label: ({ metadata }) =>
    Object.entries(metadata.labels ?? {}).map(
      ([name, value]) => `${name}=${value}`,
    ),
};

/**
 * Objects by address and by index.
 *
 * @internal
 */
export class ObjectStore<T> {
  readonly #transform: (object: KubernetesObject) => T | undefined;
  readonly #indexers: readonly (readonly [string, Index])[];
  readonly #onChange: (change: CacheChange<T>) => void;
  #entries = new Map<string, Entry<T>>();
  readonly #indexes = new Map<string, Map<string, Set<string>>>();

  constructor(
    options: Pick<WatchedCacheOptions<T>, 'transform' | 'indexes'>,
    onChange: (change: CacheChange<T>) => void,
  ) {
    this.#transform =
      options.transform ?? (object => dropNoise(object) as unknown as T);
    this.#indexers = Object.entries({
      ...BUILT_IN_INDEXES,
      ...options.indexes,
    });
    this.#onChange = onChange;
    this.#indexers.forEach(([name]) => this.#indexes.set(name, new Map()));
  }

  get size(): number {
    return this.#entries.size;
  }

  get(name: string, namespace?: string): T | undefined {
    return this.#entries.get(keyOf(name, namespace))?.value;
  }

  *values(): Generator<T, void, undefined> {
    for (const entry of this.#entries.values()) {
      yield entry.value;
    }
  }

  *by(index: string, value: string): Generator<T, void, undefined> {
    const keys = this.#indexes.get(index);
    if (!keys) {
      throw new TypeError(`There is no index '${index}'`);
    }
    for (const key of keys.get(value) ?? []) {
      const entry = this.#entries.get(key);
      if (entry) {
        yield entry.value;
      }
    }
  }

  /** As if every object had just been added. */
  replay(listener: (change: CacheChange<T>) => void): void {
    for (const { name, namespace, value } of this.#entries.values()) {
      listener({ type: 'added', name, namespace, object: value });
    }
  }

  set(object: KubernetesObject): void {
    const { name, namespace } = object.metadata;
    const key = keyOf(name, namespace);
    const previous = this.#entries.get(key);
    if (previous && isSame(previous, object)) {
      return;
    }
    const entry = this.#toEntry(object);
    if (!entry) {
      this.#delete(key);
      return;
    }
    if (previous && previous.uid !== entry.uid) {
      // Deleted and created again: two changes, of which one was not seen.
      this.#delete(key);
    }
    this.#put(key, entry);
  }

  delete(object: KubernetesObject): void {
    const { name, namespace } = object.metadata;
    this.#delete(keyOf(name, namespace));
  }

  /**
   * Takes over a list, page by page, while readers still see what was there. What is not in it is deleted on commit.
   */
  replace(): { add(object: KubernetesObject): void; commit(): void } {
    const entries = new Map<string, Entry<T>>();
    return {
      add: object => {
        const { name, namespace } = object.metadata;
        const key = keyOf(name, namespace);
        const known = this.#entries.get(key);
        const entry =
          known && isSame(known, object) ? known : this.#toEntry(object);
        if (entry) {
          entries.set(key, entry);
        }
      },
      commit: () => {
        for (const key of [...this.#entries.keys()]) {
          if (!entries.has(key)) {
            this.#delete(key);
          }
        }
        for (const [key, entry] of entries) {
          const known = this.#entries.get(key);
          if (known !== entry) {
            if (known && known.uid !== entry.uid) {
              this.#delete(key);
            }
            this.#put(key, entry);
          }
        }
      },
    };
  }

  #toEntry(object: KubernetesObject): Entry<T> | undefined {
    const { name, namespace, resourceVersion, uid } = object.metadata;
    const indexed = this.#indexers.flatMap(([index, valuesOf]) =>
      valuesOf(object).map(value => [index, value] as const),
    );
    const value = this.#transform(object);
    return value === undefined
      ? undefined
      : { value, name, namespace, uid, resourceVersion, indexed };
  }

  #put(key: string, entry: Entry<T>) {
    const previous = this.#entries.get(key);
    if (previous) {
      this.#unindex(key, previous);
    }
    this.#entries.set(key, entry);
    for (const [index, value] of entry.indexed) {
      const values = this.#indexes.get(index)!;
      const keys = values.get(value) ?? new Set();
      values.set(value, keys.add(key));
    }
    this.#onChange({
      type: previous ? 'modified' : 'added',
      name: entry.name,
      namespace: entry.namespace,
      object: entry.value,
      previous: previous?.value,
    });
  }

  #delete(key: string) {
    const entry = this.#entries.get(key);
    if (!entry) {
      return;
    }
    this.#entries.delete(key);
    this.#unindex(key, entry);
    this.#onChange({
      type: 'deleted',
      name: entry.name,
      namespace: entry.namespace,
      object: entry.value,
    });
  }

  #unindex(key: string, entry: Entry<T>) {
    for (const [index, value] of entry.indexed) {
      const values = this.#indexes.get(index)!;
      const keys = values.get(value);
      keys?.delete(key);
      if (keys?.size === 0) {
        values.delete(value);
      }
    }
  }
}

function isSame(
  entry: Entry<unknown>,
  { metadata }: KubernetesObject,
): boolean {
  return (
    entry.uid === metadata.uid &&
    entry.resourceVersion !== undefined &&
    entry.resourceVersion === metadata.resourceVersion
  );
}

function keyOf(name: string, namespace = ''): string {
  return `${namespace}/${name}`;
}

function dropNoise(object: KubernetesObject): KubernetesObject {
  const { managedFields, annotations, ...metadata } = object.metadata;
  const { 'kubectl.kubernetes.io/last-applied-configuration': _copy, ...rest } =
    annotations ?? {};
  const slim: KubernetesObject = {
    ...object,
    metadata: { ...metadata, annotations: rest },
  };
  if (object.kind === 'Secret' && object.apiVersion === 'v1') {
    delete slim.data;
    delete slim.stringData;
  }
  return slim;
}
