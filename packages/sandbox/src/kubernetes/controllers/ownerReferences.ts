import type {
  KubernetesCluster,
  KubernetesObject,
  OwnerReference,
  TypeRef,
} from '../KubernetesCluster';

/**
 * The reference that makes the owner the controller of what it creates.
 *
 * @internal
 */
export function controllerReference(owner: KubernetesObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name!,
    uid: owner.metadata.uid!,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The reference to the object that controls this one. */
export function controllerOf(
  object: KubernetesObject,
): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find(owner => owner.controller);
}

/** The key of the controlling object, if it is of this kind. */
export function controllerKeys(
  object: KubernetesObject,
  kind: string,
): readonly string[] {
  const owner = controllerOf(object);
  return owner?.kind === kind
    ? [`${object.metadata.namespace}/${owner.name}`]
    : [];
}

/** The objects of a type that the owner controls. */
export function listControlled(
  cluster: KubernetesCluster,
  type: TypeRef,
  owner: KubernetesObject,
): KubernetesObject[] {
  return cluster
    .list(type, { namespace: owner.metadata.namespace })
    .filter(object => controllerOf(object)?.uid === owner.metadata.uid);
}
