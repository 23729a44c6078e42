import { createHash } from 'node:crypto';
import {
  controllerOf,
  controllerReference,
} from '../../kubernetes/controllers/ownerReferences';
import { refTo } from '../../kubernetes/controllers/objectKey';
import type {
  KubernetesCluster,
  KubernetesObject,
  ObjectRef,
} from '../../kubernetes/KubernetesCluster';
import {
  CLAIM_NAME_LABEL,
  CLAIM_NAMESPACE_LABEL,
  COMPOSITE_LABEL,
  RESOURCE_NAME_ANNOTATION,
} from '../crossplaneTypes';
import type { DesiredResource, PipelineState } from './ComposedState';
import { mergeValues } from './fieldPath';

const MANAGER = 'apiextensions.crossplane.io/composed';

/**
 * The objects that composite resources are made of, as they are in the cluster.
 *
 * @internal
 */
export class ComposedObjects {
  readonly #cluster: KubernetesCluster;

  constructor(cluster: KubernetesCluster) {
    this.#cluster = cluster;
  }

  /** What is there, by its name in the Composition. */
  observe(
    composite: KubernetesObject,
    machinery: any,
  ): Map<string, KubernetesObject> {
    const observed = new Map<string, KubernetesObject>();
    for (const object of this.#referenced(composite, machinery)) {
      const name = object.metadata.annotations?.[RESOURCE_NAME_ANNOTATION];
      if (name && controllerOf(object)?.uid === composite.metadata.uid) {
        observed.set(name, object);
      }
    }
    return observed;
  }

  /** What is to be applied, and how the composite resource refers to it. */
  plan(composite: KubernetesObject, { desired, observed }: PipelineState) {
    const objects = [...desired]
      .map(([name, { object }]) => ({
        name,
        object: this.#complete(composite, name, object, observed.get(name)),
      }))
      .sort((left, right) => (left.name < right.name ? -1 : 1));
    return {
      objects,
      references: objects.map(({ object }) => ({
        apiVersion: object.apiVersion,
        kind: object.kind,
        name: object.metadata.name,
        ...(!composite.metadata.namespace &&
          object.metadata.namespace && {
            namespace: object.metadata.namespace,
          }),
      })),
    };
  }

  /** @throws Error that names the resource. */
  apply(name: string, object: KubernetesObject): KubernetesObject {
    try {
      return this.#cluster.apply(object, {
        fieldManager: MANAGER,
        force: true,
      });
    } catch (error) {
      throw new Error(
        `cannot compose resources: cannot apply composed resource "${name}": ${
          (error as Error).message
        }`,
      );
    }
  }

  /** Deletes what is no longer wanted. */
  removeOthers(
    observed: ReadonlyMap<string, KubernetesObject>,
    desired: ReadonlyMap<string, DesiredResource>,
  ): void {
    for (const [name, object] of observed) {
      if (!desired.has(name)) {
        this.#cluster.delete(refTo(object));
      }
    }
  }

  /** Deletes everything; whether all of it is gone. */
  removeAll(composite: KubernetesObject, machinery: any): boolean {
    for (const object of this.#referenced(composite, machinery)) {
      if (
        !object.metadata.deletionTimestamp &&
        controllerOf(object)?.uid === composite.metadata.uid
      ) {
        this.#cluster.delete(refTo(object));
      }
    }
    return this.#referenced(composite, machinery).every(
      object => controllerOf(object)?.uid !== composite.metadata.uid,
    );
  }

  #referenced(composite: KubernetesObject, machinery: any): KubernetesObject[] {
    return (machinery.resourceRefs ?? [])
      .map(
        (reference: any): ObjectRef => ({
          apiVersion: reference.apiVersion,
          kind: reference.kind,
          name: reference.name,
          namespace: reference.namespace ?? composite.metadata.namespace,
        }),
      )
      .filter((ref: ObjectRef) => ref.name && this.#cluster.serves(ref))
      .map((ref: ObjectRef) => this.#cluster.get(ref))
      .filter(Boolean);
  }

  #complete(
    composite: KubernetesObject,
    name: string,
    object: any,
    observed: KubernetesObject | undefined,
  ): KubernetesObject {
    const { labels = {} } = composite.metadata;
    const namespace =
      composite.metadata.namespace ?? object.metadata?.namespace;
    const completed = mergeValues(object, {
      metadata: {
        name:
          object.metadata?.name ??
          observed?.metadata.name ??
          createName(composite, name),
        ...(namespace && { namespace }),
        labels: {
          [COMPOSITE_LABEL]: labels[COMPOSITE_LABEL] ?? composite.metadata.name,
          ...pick(labels, CLAIM_NAME_LABEL),
          ...pick(labels, CLAIM_NAMESPACE_LABEL),
        },
        annotations: { [RESOURCE_NAME_ANNOTATION]: name },
        ownerReferences: [controllerReference(composite)],
      },
    }) as any;
    delete completed.status;
    return completed;
  }
}

/** The same name in every reconcile, and another one if the composite resource is made anew. */
function createName(composite: KubernetesObject, name: string): string {
  const digest = createHash('sha256')
    .update(`${composite.metadata.uid} ${name}`)
    .digest('hex');
  return `${composite.metadata.name!.slice(0, 50)}-${digest.slice(0, 12)}`;
}

function pick(
  labels: Readonly<Record<string, string>>,
  name: string,
): Record<string, string> {
  return labels[name] === undefined ? {} : { [name]: labels[name] };
}
