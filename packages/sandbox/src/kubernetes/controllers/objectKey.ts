import type {
  KubernetesObject,
  ObjectRef,
  TypeRef,
} from '../KubernetesCluster';

/**
 * `namespace/name`, or only the name of what has no namespace.
 *
 * @internal
 */
export function objectKey(object: KubernetesObject): string {
  const { name, namespace } = object.metadata;
  return namespace ? `${namespace}/${name}` : name!;
}

/** The address behind a key. */
export function refOf(type: TypeRef, key: string): ObjectRef {
  const slash = key.indexOf('/');
  return slash < 0
    ? { ...type, name: key }
    : { ...type, namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The address of an object. */
export function refTo(object: KubernetesObject): ObjectRef {
  const { apiVersion, kind, metadata } = object;
  return {
    apiVersion,
    kind,
    name: metadata.name!,
    ...(metadata.namespace && { namespace: metadata.namespace }),
  };
}

/** The namespace part of a key. */
export function namespaceOfKey(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf('/')));
}
