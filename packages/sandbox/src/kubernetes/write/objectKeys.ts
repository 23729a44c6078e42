import type { KubernetesObject } from '../KubernetesCluster';
import type { ResourceType } from '../resources/ResourceType';

/** The key of an object in its table. */
export function keyOf(object: KubernetesObject): string {
  const { namespace, name } = object.metadata;
  return namespace ? `${namespace}/${name}` : name!;
}

/** The key of an object of a type by its name. */
export function objectKey(
  type: ResourceType,
  namespace: string | undefined,
  name: string,
): string {
  return type.namespaced ? `${namespace}/${name}` : name;
}
