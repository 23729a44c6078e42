import type { KubernetesObject } from '../KubernetesCluster';
import { omit } from '../patch/jsonValues';
import type { ObjectStore } from '../store/ObjectStore';
import type { ObjectWriter } from '../write/ObjectWriter';
import type { ResourceRegistry } from './ResourceRegistry';

/**
 * Gives every namespace what a cluster gives it, and empties those that are deleted.
 *
 * @internal
 */
export class NamespaceController {
  readonly #store: ObjectStore;
  readonly #registry: ResourceRegistry;
  readonly #writer: ObjectWriter;
  readonly #certificateAuthority: string;
  readonly #terminating = new Set<string>();

  constructor(options: {
    readonly store: ObjectStore;
    readonly registry: ResourceRegistry;
    readonly writer: ObjectWriter;
    /** The certificate that every namespace's `kube-root-ca.crt` holds. */
    readonly certificateAuthority: string;
  }) {
    this.#store = options.store;
    this.#registry = options.registry;
    this.#writer = options.writer;
    this.#certificateAuthority = options.certificateAuthority;
    const namespaces = this.#store.table('/Namespace');
    for (const namespace of [...namespaces.values()]) {
      this.#reconcile(namespace);
    }
    namespaces.listen(event => {
      if (event.type === 'DELETED') {
        this.#terminating.delete(event.key);
      } else if (!event.previous || event.object.metadata.deletionTimestamp) {
        this.#reconcile(event.object);
      }
    });
    this.#store.listen((_kind, event) => {
      const { namespace } = event.object.metadata;
      if (
        event.type === 'DELETED' &&
        namespace &&
        this.#terminating.has(namespace)
      ) {
        this.#finish(namespace);
      }
    });
  }

  #reconcile(namespace: KubernetesObject): void {
    const name = namespace.metadata.name!;
    if (namespace.metadata.deletionTimestamp) {
      if (!this.#terminating.has(name)) {
        this.#terminating.add(name);
        this.#empty(name);
      }
      return;
    }
    this.#ensure('serviceaccounts', name, 'default', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default' },
    });
    this.#ensure('configmaps', name, 'kube-root-ca.crt', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'kube-root-ca.crt',
        annotations: {
          'kubernetes.io/description':
            'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
        },
      },
      data: { 'ca.crt': this.#certificateAuthority },
    });
  }

  #ensure(
    plural: string,
    namespace: string,
    name: string,
    object: KubernetesObject,
  ): void {
    const type = this.#registry.findPlural('', 'v1', plural)!;
    if (!this.#writer.find(type, namespace, name)) {
      this.#writer.create(type, namespace, object, {});
    }
  }

  #empty(name: string): void {
    for (const [kind, table] of [...this.#store.tables()]) {
      const type = this.#registry.findStorageKind(kind);
      if (type?.namespaced) {
        const { start, end } = table.range(`${name}/`);
        for (const key of table.keys().slice(start, end)) {
          this.#writer.delete(type, name, key.slice(name.length + 1), {
            propagationPolicy: 'Background',
          });
        }
      }
    }
    this.#finish(name);
  }

  #finish(name: string): void {
    for (const [kind, table] of this.#store.tables()) {
      const { start, end } = table.range(`${name}/`);
      if (this.#registry.findStorageKind(kind)?.namespaced && end > start) {
        return;
      }
    }
    const type = this.#registry.findPlural('', 'v1', 'namespaces')!;
    if (this.#writer.find(type, undefined, name)) {
      this.#writer.modify(
        type,
        undefined,
        name,
        live => ({ ...live, spec: omit(live.spec ?? {}, 'finalizers') }),
        { subresource: 'finalize' },
      );
    }
  }
}
