import type { KubernetesObject } from '../KubernetesCluster';
import { equalJson } from '../patch/jsonValues';
import type { ObjectStore } from '../store/ObjectStore';
import type { ObjectWriter } from '../write/ObjectWriter';
import { formatTime } from '../write/prepareMetadata';
import { establishedStatus } from './preinstalledDefinitions';
import { readDefinition } from './readDefinition';
import type { ResourceRegistry } from './ResourceRegistry';
import { CUSTOM_RESOURCE_DEFINITION, DEFINITION_CLEANUP } from './ResourceType';

/**
 * Serves what CustomResourceDefinitions define, at once after each write of one.
 *
 * @internal
 */
export class DefinitionController {
  readonly #store: ObjectStore;
  readonly #registry: ResourceRegistry;
  readonly #writer: ObjectWriter;
  readonly #terminating = new Set<string>();

  constructor(options: {
    readonly store: ObjectStore;
    readonly registry: ResourceRegistry;
    readonly writer: ObjectWriter;
  }) {
    this.#store = options.store;
    this.#registry = options.registry;
    this.#writer = options.writer;
    const definitions = this.#store.table(CUSTOM_RESOURCE_DEFINITION);
    for (const definition of definitions.values()) {
      this.#serve(definition);
    }
    definitions.listen(event => {
      if (event.type === 'DELETED') {
        this.#registry.setCustom(event.key, []);
        this.#terminating.delete(event.key);
      } else {
        this.#reconcile(event.object, event.previous);
      }
    });
    this.#store.listen((kind, event) => {
      if (event.type === 'DELETED' && this.#terminating.size > 0) {
        const type = this.#registry.findStorageKind(kind);
        if (type?.custom && this.#terminating.has(type.custom.definitionName)) {
          this.#finish(type.custom.definitionName);
        }
      }
    });
  }

  #serve(definition: KubernetesObject): void {
    this.#registry.setCustom(
      definition.metadata.name!,
      readDefinition(definition),
    );
  }

  #reconcile(
    definition: KubernetesObject,
    previous: KubernetesObject | undefined,
  ): void {
    const name = definition.metadata.name!;
    if (definition.metadata.deletionTimestamp) {
      if (!this.#terminating.has(name)) {
        this.#terminating.add(name);
        this.#deleteInstances(name);
      }
      return;
    }
    if (!previous || previous.spec !== definition.spec) {
      this.#serve(definition);
    }
    const known = definition.status?.conditions?.some(
      (condition: { type: string; status: string }) =>
        condition.type === 'Established' && condition.status === 'True',
    );
    const accepted = equalJson(
      definition.status?.acceptedNames,
      definition.spec.names,
    );
    if (known && accepted) {
      return;
    }
    this.#writer.modify(
      this.#definitionType(),
      undefined,
      name,
      live => ({ ...live, status: establishedStatus(live, formatTime()) }),
      { subresource: 'status', fieldManager: 'kube-apiserver' },
    );
  }

  #deleteInstances(name: string): void {
    for (const type of this.#registry.all()) {
      if (
        type.custom?.definitionName === name &&
        `${type.group}/${type.version}` === type.storageApiVersion
      ) {
        for (const object of [
          ...this.#store.table(type.storageKind).values(),
        ]) {
          this.#writer.delete(
            type,
            object.metadata.namespace,
            object.metadata.name!,
            {},
          );
        }
      }
    }
    this.#finish(name);
  }

  #finish(name: string): void {
    const definition = this.#store.table(CUSTOM_RESOURCE_DEFINITION).get(name);
    if (!definition) {
      return;
    }
    const { group, names } = definition.spec;
    if (this.#store.table(`${group}/${names.kind}`).size === 0) {
      this.#setFinalizers(name, finalizers =>
        finalizers.filter(finalizer => finalizer !== DEFINITION_CLEANUP),
      );
    }
  }

  #setFinalizers(
    name: string,
    change: (finalizers: readonly string[]) => readonly string[],
  ): void {
    this.#writer.modify(
      this.#definitionType(),
      undefined,
      name,
      live => ({
        ...live,
        metadata: {
          ...live.metadata,
          finalizers: change(live.metadata.finalizers ?? []),
        },
      }),
      { fieldManager: 'kube-apiserver' },
    );
  }

  #definitionType() {
    return this.#registry.findPlural(
      'apiextensions.k8s.io',
      'v1',
      'customresourcedefinitions',
    )!;
  }
}
