import type { KubernetesObject } from '../KubernetesCluster';
import type { ResourceRegistry } from '../resources/ResourceRegistry';
import type { ResourceType } from '../resources/ResourceType';
import { StatusError } from '../StatusError';
import type { ObjectStore } from '../store/ObjectStore';
import type { StoredEvent } from '../store/ObjectTable';
import type { ObjectWriter } from '../write/ObjectWriter';

interface Address {
  readonly kind: string;
  readonly key: string;
}

/**
 * Deletes what belongs to objects that are gone, and ends foreground and orphan deletions.
 *
 * @remarks
 * Works in a microtask after the write that made the work, so that who wrote sees the result of the write
 * and not yet of the collection, as on a real cluster.
 *
 * @internal
 */
export class GarbageCollector {
  readonly #store: ObjectStore;
  readonly #registry: ResourceRegistry;
  readonly #writer: ObjectWriter;
  readonly #log: (message: string) => void;
  readonly #dependents = new Map<string, Map<string, Address>>();
  readonly #uids = new Map<string, Address>();
  readonly #queue = new Map<string, Address>();
  #scheduled = false;

  constructor(options: {
    readonly store: ObjectStore;
    readonly registry: ResourceRegistry;
    readonly writer: ObjectWriter;
    log(message: string): void;
  }) {
    this.#store = options.store;
    this.#registry = options.registry;
    this.#writer = options.writer;
    this.#log = options.log;
    for (const [kind, table] of this.#store.tables()) {
      for (const [key, object] of table.entries()) {
        this.#remember({ kind, key }, object);
      }
    }
    this.#store.listen((kind, event) => this.#observe(kind, event));
    for (const [kind, table] of this.#store.tables()) {
      for (const [key, object] of table.entries()) {
        if (object.metadata.ownerReferences?.length) {
          this.#enqueue({ kind, key });
        }
      }
    }
  }

  #observe(kind: string, event: StoredEvent): void {
    const address = { kind, key: event.key };
    if (event.previous) {
      this.#forget(address, event.previous);
    }
    if (event.type !== 'DELETED') {
      this.#remember(address, event.object);
      const { ownerReferences, deletionTimestamp } = event.object.metadata;
      if (ownerReferences?.length || deletionTimestamp) {
        this.#enqueue(address);
      }
      return;
    }
    for (const dependent of this.#dependentsOf(event.object)) {
      this.#enqueue(dependent);
    }
    for (const owner of event.object.metadata.ownerReferences ?? []) {
      const ownerAddress = this.#uids.get(owner.uid);
      if (ownerAddress) {
        this.#enqueue(ownerAddress);
      }
    }
  }

  #remember(address: Address, object: KubernetesObject): void {
    this.#uids.set(object.metadata.uid!, address);
    for (const owner of object.metadata.ownerReferences ?? []) {
      let dependents = this.#dependents.get(owner.uid);
      if (!dependents) {
        dependents = new Map();
        this.#dependents.set(owner.uid, dependents);
      }
      dependents.set(idOf(address), address);
    }
  }

  #forget(address: Address, object: KubernetesObject): void {
    this.#uids.delete(object.metadata.uid!);
    for (const owner of object.metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(owner.uid);
      dependents?.delete(idOf(address));
      if (dependents?.size === 0) {
        this.#dependents.delete(owner.uid);
      }
    }
  }

  #dependentsOf(object: KubernetesObject): readonly Address[] {
    return [...(this.#dependents.get(object.metadata.uid!)?.values() ?? [])];
  }

  #enqueue(address: Address): void {
    this.#queue.set(idOf(address), address);
    if (!this.#scheduled) {
      this.#scheduled = true;
      queueMicrotask(() => this.#work());
    }
  }

  #work(): void {
    this.#scheduled = false;
    const addresses = [...this.#queue.values()];
    this.#queue.clear();
    for (const address of addresses) {
      try {
        this.#collect(address);
      } catch (error) {
        if (!(error instanceof StatusError)) {
          throw error;
        }
        this.#log(
          `Cannot collect ${address.kind} ${address.key}: ${error.message}`,
        );
      }
    }
  }

  #collect(address: Address): void {
    const type = this.#registry.findStorageKind(address.kind);
    const object = this.#store.table(address.kind).get(address.key);
    if (!type || !object) {
      return;
    }
    if (object.metadata.deletionTimestamp) {
      this.#endDeletion(type, object);
    }
    const owners = object.metadata.ownerReferences ?? [];
    if (owners.length === 0 || object.metadata.deletionTimestamp) {
      return;
    }
    const present = owners.filter(owner => this.#uids.has(owner.uid));
    const staying = present.filter(
      owner => !this.#isForegroundDeleted(owner.uid),
    );
    if (staying.length === 0) {
      const foreground = present.length > 0;
      this.#delete(type, object, foreground ? 'Foreground' : 'Background');
    } else if (staying.length < owners.length) {
      this.#setOwners(type, object, staying);
    }
  }

  #isForegroundDeleted(uid: string): boolean {
    const address = this.#uids.get(uid);
    const owner = address && this.#store.table(address.kind).get(address.key);
    return Boolean(
      owner?.metadata.deletionTimestamp &&
        owner.metadata.finalizers?.includes('foregroundDeletion'),
    );
  }

  #endDeletion(type: ResourceType, object: KubernetesObject): void {
    const finalizers = object.metadata.finalizers ?? [];
    const dependents = this.#dependentsOf(object);
    if (finalizers.includes('orphan')) {
      for (const dependent of dependents) {
        const dependentType = this.#registry.findStorageKind(dependent.kind);
        const child = this.#store.table(dependent.kind).get(dependent.key);
        if (dependentType && child) {
          this.#setOwners(
            dependentType,
            child,
            (child.metadata.ownerReferences ?? []).filter(
              owner => owner.uid !== object.metadata.uid,
            ),
          );
        }
      }
      this.#removeFinalizer(type, object, 'orphan');
    } else if (finalizers.includes('foregroundDeletion')) {
      const blocking = dependents.filter(dependent => {
        const child = this.#store.table(dependent.kind).get(dependent.key);
        this.#enqueue(dependent);
        return child?.metadata.ownerReferences?.some(
          owner =>
            owner.uid === object.metadata.uid && owner.blockOwnerDeletion,
        );
      });
      if (blocking.length === 0) {
        this.#removeFinalizer(type, object, 'foregroundDeletion');
      }
    }
  }

  #delete(
    type: ResourceType,
    object: KubernetesObject,
    propagationPolicy: 'Foreground' | 'Background',
  ): void {
    const hasDependents = this.#dependentsOf(object).length > 0;
    this.#writer.delete(
      type,
      object.metadata.namespace,
      object.metadata.name!,
      {
        propagationPolicy: hasDependents ? propagationPolicy : 'Background',
      },
    );
  }

  #setOwners(
    type: ResourceType,
    object: KubernetesObject,
    ownerReferences: KubernetesObject['metadata']['ownerReferences'],
  ): void {
    this.#modifyMetadata(type, object, { ownerReferences });
  }

  #removeFinalizer(
    type: ResourceType,
    object: KubernetesObject,
    finalizer: string,
  ): void {
    this.#modifyMetadata(type, object, {
      finalizers: object.metadata.finalizers?.filter(
        other => other !== finalizer,
      ),
    });
  }

  #modifyMetadata(
    type: ResourceType,
    object: KubernetesObject,
    change: Partial<KubernetesObject['metadata']>,
  ): void {
    this.#writer.modify(
      type,
      object.metadata.namespace,
      object.metadata.name!,
      live => ({ ...live, metadata: { ...live.metadata, ...change } }),
      {},
    );
  }
}

function idOf(address: Address): string {
  return `${address.kind} ${address.key}`;
}
