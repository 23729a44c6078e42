import type { KubernetesObject } from '../KubernetesCluster';
import type { ResourceType } from '../resources/ResourceType';
import type { FieldError } from './statusErrors';
import type { DeleteRequest } from './WriteRequest';

/**
 * What the kinds ask of their objects: defaults, admission that changes objects, validation.
 *
 * @internal
 */
export interface ObjectRules {
  /** Fills in what an object does not say. It counts as said by who writes. */
  fillDefaults(type: ResourceType, object: KubernetesObject): KubernetesObject;
  /**
   * Adds what the server decides: addresses, accounts, first status. It counts as nobody's.
   *
   * @param live - what is stored; undefined for a new object
   */
  complete(
    type: ResourceType,
    object: KubernetesObject,
    live: KubernetesObject | undefined,
  ): KubernetesObject;
  validate(
    type: ResourceType,
    object: KubernetesObject,
    live: KubernetesObject | undefined,
    subresource?: string,
  ): readonly FieldError[];
  /** @throws StatusError if the object must not be deleted */
  checkDelete(
    type: ResourceType,
    live: KubernetesObject,
    request: DeleteRequest,
  ): void;
  /** The finalizers with which an object of a kind is deleted. */
  finalizersForDelete(
    type: ResourceType,
    finalizers: readonly string[],
  ): readonly string[];
  /** What an object says of itself once it is marked for deletion. */
  markDeleted(type: ResourceType, object: KubernetesObject): KubernetesObject;
}
