import type { KubernetesObject } from '../KubernetesCluster';
import { deepFreeze } from './deepFreeze';
import type { ObjectJournal } from './ObjectJournal';
import { ObjectTable } from './ObjectTable';
import type { StoredEvent } from './ObjectTable';

/**
 * The objects of one cluster in memory, under one growing revision, with a journal on disk.
 *
 * @internal
 */
export class ObjectStore {
  readonly #tables = new Map<string, ObjectTable>();
  readonly #listeners = new Set<(kind: string, event: StoredEvent) => void>();
  readonly #journal: ObjectJournal | undefined;
  readonly #queue: { kind: string; table: ObjectTable; event: StoredEvent }[] =
    [];
  #draining = false;
  #revision: number;

  /**
   * @param journal - read at once; undefined keeps everything in memory only
   * @param builtIn - objects that exist from the start, until the journal says otherwise
   */
  constructor(
    journal?: ObjectJournal,
    builtIn: Iterable<{
      kind: string;
      key: string;
      object: KubernetesObject;
    }> = [],
  ) {
    this.#journal = journal;
    this.#revision = 1;
    for (const { kind, key, object } of builtIn) {
      this.table(kind).restore(key, object);
    }
    if (!journal) {
      return;
    }
    const read = journal.read(({ kind, key, object }) => {
      this.table(kind).restore(key, object && deepFreeze(object));
    });
    this.#revision = Math.max(this.#revision, read.revision);
    for (const table of this.#tables.values()) {
      table.forget(this.#revision);
    }
  }

  /** The revision of the last write. */
  get revision(): number {
    return this.#revision;
  }

  /** The objects of a kind, such as `apps/Deployment`. */
  table(kind: string): ObjectTable {
    let table = this.#tables.get(kind);
    if (!table) {
      table = new ObjectTable();
      this.#tables.set(kind, table);
    }
    return table;
  }

  tables(): IterableIterator<[string, ObjectTable]> {
    return this.#tables.entries();
  }

  /**
   * Stores an object, or with `object` undefined removes it.
   *
   * @returns what is stored, frozen and with its resource version
   */
  write(
    kind: string,
    key: string,
    object: KubernetesObject | undefined,
  ): KubernetesObject {
    const table = this.table(kind);
    const previous = table.get(key);
    this.#revision += 1;
    const revision = this.#revision;
    const source = (object ?? previous)!;
    const stored = deepFreeze({
      ...source,
      metadata: { ...source.metadata, resourceVersion: String(revision) },
    });
    const event: StoredEvent = {
      revision,
      type: changeType(object, previous),
      key,
      object: stored,
      previous,
    };
    this.#journal?.append({
      revision,
      kind,
      key,
      object: object ? stored : undefined,
    });
    table.write(event);
    this.#queue.push({ kind, table, event });
    this.#drain();
    return stored;
  }

  /** Calls back on each change of any kind, in order. */
  listen(listener: (kind: string, event: StoredEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Makes every watch that begins at an earlier revision fail as expired. */
  forgetHistory(): void {
    for (const table of this.#tables.values()) {
      table.forget(this.#revision);
    }
  }

  /** A listener may write too: what it writes is told of after what it was told of. */
  #drain(): void {
    if (this.#draining) {
      return;
    }
    this.#draining = true;
    try {
      for (;;) {
        const next = this.#queue.shift();
        if (!next) {
          return;
        }
        next.table.notify(next.event);
        for (const listener of [...this.#listeners]) {
          listener(next.kind, next.event);
        }
      }
    } finally {
      this.#draining = false;
    }
  }

  /** Writes what is not on disk yet. */
  async close(): Promise<void> {
    await this.#journal?.close();
  }
}

function changeType(
  object: KubernetesObject | undefined,
  previous: KubernetesObject | undefined,
): StoredEvent['type'] {
  if (!object) {
    return 'DELETED';
  }
  return previous ? 'MODIFIED' : 'ADDED';
}
