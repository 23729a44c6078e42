import type { KubernetesObject } from '../KubernetesCluster';
import {
  CUSTOM_RESOURCE_DEFINITION,
  DEFINITION_CLEANUP,
} from '../resources/ResourceType';
import { StatusError } from '../StatusError';
import { applyDefaults } from '../defaults/applyDefaults';
import { completeObject } from '../defaults/completeObject';
import type { ObjectStore } from '../store/ObjectStore';
import { validateObject } from '../validation/validateObject';
import type { ObjectRules } from './ObjectRules';

/** Namespaces that cannot be deleted. */
const PERMANENT_NAMESPACES = new Set(['default', 'kube-system', 'kube-public']);

/** The rules of the API server for the kinds of a cluster. */
export function createObjectRules(options: {
  readonly store: ObjectStore;
  log(message: string): void;
}): ObjectRules {
  return {
    fillDefaults: applyDefaults,
    complete: (type, object, live) =>
      completeObject(type, object, live, options.store),
    validate: (type, object, live, subresource) =>
      validateObject({ type, object, live, subresource, log: options.log }),
    checkDelete(type, live) {
      const name = live.metadata.name!;
      if (type.kind === 'Namespace' && PERMANENT_NAMESPACES.has(name)) {
        throw new StatusError({
          code: 403,
          reason: 'Forbidden',
          message: `namespaces "${name}" is forbidden: this namespace may not be deleted`,
          details: { name, kind: 'namespaces' },
        });
      }
    },
    finalizersForDelete: (type, finalizers) =>
      type.storageKind === CUSTOM_RESOURCE_DEFINITION &&
      !finalizers.includes(DEFINITION_CLEANUP)
        ? [...finalizers, DEFINITION_CLEANUP]
        : finalizers,
    markDeleted: (type, object) =>
      type.kind === 'Namespace' && type.group === ''
        ? withPhase(object, 'Terminating')
        : object,
  };
}

function withPhase(object: KubernetesObject, phase: string): KubernetesObject {
  return { ...object, status: { ...object.status, phase } };
}
