import type { KubernetesObject } from '../KubernetesCluster';
import { formatApiVersion } from '../resources/ResourceType';
import type { ResourceType } from '../resources/ResourceType';
import { StatusError } from '../StatusError';
import type { ObjectStore } from '../store/ObjectStore';
import { badRequest } from './statusErrors';

/** Checks that the object is what the request says it is. */
export function checkIdentity(
  type: ResourceType,
  namespace: string | undefined,
  name: string | undefined,
  object: KubernetesObject,
): void {
  const apiVersion = formatApiVersion(type);
  if (object.apiVersion && object.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${object.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (object.kind && object.kind !== type.kind) {
    throw badRequest(
      `the kind in the data (${object.kind}) does not match the expected kind (${type.kind})`,
    );
  }
  const given = object.metadata ?? {};
  if (
    given.namespace !== undefined &&
    given.namespace !== '' &&
    given.namespace !== (type.namespaced ? namespace : '')
  ) {
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
  if (name !== undefined && given.name !== undefined && given.name !== name) {
    throw badRequest(
      `the name of the object (${given.name}) does not match the name on the URL (${name})`,
    );
  }
}

/** Checks that something can be created in a namespace. */
export function checkNamespace(
  store: ObjectStore,
  type: ResourceType,
  namespace: string | undefined,
): void {
  if (!type.namespaced) {
    return;
  }
  const stored = store.table('/Namespace').get(namespace ?? '');
  if (!stored) {
    throw new StatusError({
      code: 404,
      reason: 'NotFound',
      message: `namespaces "${namespace}" not found`,
      details: { name: namespace, kind: 'namespaces' },
    });
  }
}
