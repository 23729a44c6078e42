import type { KubernetesObject } from '../KubernetesCluster';
import {
  formatApiVersion,
  formatGroupResource,
} from '../resources/ResourceType';
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
  name: string,
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
  if (stored.metadata.deletionTimestamp) {
    throw terminating(type, namespace!, name);
  }
}

function terminating(
  type: ResourceType,
  namespace: string,
  name: string,
): StatusError {
  return new StatusError({
    code: 403,
    reason: 'Forbidden',
    message: `${formatGroupResource(
      type,
    )} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    details: {
      name,
      ...(type.group && { group: type.group }),
      kind: type.plural,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  });
}

/** The answer to an apply with fields that the schema does not know: what nobody can manage is not applied. */
export function undeclaredFields(
  type: ResourceType,
  object: KubernetesObject,
  name: string,
  fields: readonly string[],
): StatusError {
  const errors = fields.map(field => `.${field}: field not declared in schema`);
  return new StatusError({
    code: 500,
    reason: '',
    message: `failed to create typed patch object (${
      object.metadata?.namespace ?? ''
    }/${name}; ${formatApiVersion(type)}, Kind=${type.kind}): ${
      errors.length === 1 ? errors[0] : `errors:\n  ${errors.join('\n  ')}`
    }`,
  });
}
