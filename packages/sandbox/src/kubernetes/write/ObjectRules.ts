import type { KubernetesObject } from '../KubernetesCluster';
import type { ResourceType } from '../resources/ResourceType';
import type { FieldError } from './statusErrors';
import type { DeleteRequest, WriteRequest } from './WriteRequest';

/**
 * What the kinds ask of their objects: defaults, admission that changes objects, validation.
 *
 * @internal
 */
export interface ObjectRules {
  /** Fills in what a new object does not say. */
  prepareCreate(
    type: ResourceType,
    object: KubernetesObject,
    request: WriteRequest,
  ): KubernetesObject;
  /** Fills in what a changed object does not say. */
  prepareUpdate(
    type: ResourceType,
    live: KubernetesObject,
    object: KubernetesObject,
    request: WriteRequest,
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
  /** What an object says of itself once it is marked for deletion. */
  markDeleted(type: ResourceType, object: KubernetesObject): KubernetesObject;
}
