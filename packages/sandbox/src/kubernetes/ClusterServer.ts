import path from 'node:path';
import { createAdmissionPolicies } from './admission/createAdmissionPolicies';
import { keepPortalRole } from './access/keepPortalRole';
import { GarbageCollector } from './garbage/GarbageCollector';
import type { KubernetesObject, PodLogSource } from './KubernetesCluster';
import { DefinitionController } from './resources/DefinitionController';
import { NamespaceController } from './resources/NamespaceController';
import { createPreinstalledDefinitions } from './resources/preinstalledDefinitions';
import { ResourceRegistry } from './resources/ResourceRegistry';
import { CUSTOM_RESOURCE_DEFINITION } from './resources/ResourceType';
import { ObjectJournal } from './store/ObjectJournal';
import { ObjectStore } from './store/ObjectStore';
import { createBootstrapObjects } from './bootstrapObjects';
import { createObjectRules } from './write/createObjectRules';
import { ObjectWriter } from './write/ObjectWriter';

/** Events are kept for an hour, as by a real server. */
const EVENT_LIFETIME_MS = 60 * 60_000;
const EVENT_SWEEP_MS = 5 * 60_000;
/** The creation time of built-in definitions; they are part of the cluster, not made by anybody. */
const BEGINNING = '2026-01-01T00:00:00Z';

/**
 * Options of a cluster.
 *
 * @public
 */
export interface KubernetesClusterOptions {
  /** Such as `nonprod`. */
  readonly name: string;
  /** Where its objects survive a restart, in `kubernetes/<name>`; without it they do not. */
  readonly stateFolder?: string;
  /** The certificate authority that `kube-root-ca.crt` holds, in PEM. */
  readonly certificateAuthority?: string;
  /** Gets one line at a time. */
  log?(message: string): void;
}

/**
 * What a cluster is made of, for the parts that serve it.
 *
 * @internal
 */
export class ClusterServer {
  readonly name: string;
  readonly store: ObjectStore;
  readonly registry: ResourceRegistry;
  readonly writer: ObjectWriter;
  podLogSource: PodLogSource = () => [];
  readonly #sweep: NodeJS.Timeout;

  constructor(options: KubernetesClusterOptions) {
    const log = options.log ?? (() => {});
    this.name = options.name;
    this.store = new ObjectStore(
      options.stateFolder === undefined
        ? undefined
        : new ObjectJournal(
            path.join(
              options.stateFolder,
              'kubernetes',
              options.name,
              'objects.jsonl',
            ),
            log,
          ),
      createPreinstalledDefinitions({
        cluster: options.name,
        time: BEGINNING,
      }).map(object => ({
        kind: CUSTOM_RESOURCE_DEFINITION,
        key: object.metadata.name!,
        object,
      })),
    );
    this.registry = new ResourceRegistry();
    this.writer = new ObjectWriter(
      this.store,
      createObjectRules({ store: this.store, log }),
    );
    this.writer.addPlugin(
      createAdmissionPolicies({ store: this.store, registry: this.registry }),
    );
    const parts = {
      store: this.store,
      registry: this.registry,
      writer: this.writer,
      log,
      certificateAuthority: options.certificateAuthority ?? '',
    };
    // eslint-disable-next-line no-new
    new DefinitionController(parts);
    // eslint-disable-next-line no-new
    new NamespaceController(parts);
    createBootstrapObjects().forEach(object => this.#ensure(object));
    keepPortalRole(parts);
    // eslint-disable-next-line no-new
    new GarbageCollector(parts);
    this.#sweep = setInterval(() => this.#expireEvents(), EVENT_SWEEP_MS);
    this.#sweep.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    await this.store.close();
  }

  #ensure(object: KubernetesObject): void {
    const type = this.registry.findKind(object)!;
    const { namespace, name } = object.metadata;
    if (!this.writer.find(type, namespace, name!)) {
      this.writer.create(type, namespace, object, {
        fieldManager: 'kube-apiserver',
      });
    }
  }

  #expireEvents(): void {
    const type = this.registry.findKind({ apiVersion: 'v1', kind: 'Event' })!;
    const limit = Date.now() - EVENT_LIFETIME_MS;
    for (const event of [...this.store.table(type.storageKind).values()]) {
      const last = event.lastTimestamp ?? event.metadata.creationTimestamp;
      if (Date.parse(last) < limit) {
        this.writer.delete(
          type,
          event.metadata.namespace,
          event.metadata.name!,
          {},
        );
      }
    }
  }
}
