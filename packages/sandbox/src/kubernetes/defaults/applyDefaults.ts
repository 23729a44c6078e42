import type { KubernetesObject } from '../KubernetesCluster';
import type { ResourceType } from '../resources/ResourceType';
import type { ObjectStore } from '../store/ObjectStore';

/** Fills in what the server fills in. */
export function applyDefaults(
  type: ResourceType,
  object: KubernetesObject,
  _live: KubernetesObject | undefined,
  _store: ObjectStore,
): KubernetesObject {
  if (type.kind === 'Namespace' && type.group === '') {
    return {
      ...object,
      metadata: {
        ...object.metadata,
        labels: {
          ...object.metadata.labels,
          'kubernetes.io/metadata.name': object.metadata.name!,
        },
      },
      spec: { finalizers: ['kubernetes'], ...object.spec },
      status: { phase: 'Active', ...object.status },
    };
  }
  return object;
}
