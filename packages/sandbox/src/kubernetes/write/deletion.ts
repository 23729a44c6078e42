import type { KubernetesObject } from '../KubernetesCluster';
import type { ResourceType } from '../resources/ResourceType';
import { formatTime } from './prepareMetadata';
import { conflict } from './statusErrors';
import type { DeleteRequest } from './WriteRequest';

/** Whether a write takes the last thing that kept an object from going. */
export function isFinished(object: KubernetesObject): boolean {
  return (
    object.metadata.deletionTimestamp !== undefined &&
    !object.metadata.deletionGracePeriodSeconds &&
    !object.metadata.finalizers?.length &&
    !(object.kind === 'Namespace' && object.spec?.finalizers?.length)
  );
}

/** The finalizers of an object that is deleted in the way that was asked for. */
export function finalizersAfterDelete(
  live: KubernetesObject,
  request: DeleteRequest,
): readonly string[] {
  const finalizers = (live.metadata.finalizers ?? []).filter(
    finalizer =>
      request.propagationPolicy === undefined ||
      (finalizer !== 'orphan' && finalizer !== 'foregroundDeletion'),
  );
  switch (request.propagationPolicy) {
    case 'Orphan':
      return [...finalizers, 'orphan'];
    case 'Foreground':
      return [...finalizers, 'foregroundDeletion'];
    default:
      return finalizers;
  }
}

/** @throws StatusError 409 */
export function checkPreconditions(
  type: ResourceType,
  live: KubernetesObject,
  { preconditions }: DeleteRequest,
): void {
  const { name, uid, resourceVersion } = live.metadata;
  if (preconditions?.uid && preconditions.uid !== uid) {
    throw conflict(
      type,
      name!,
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  if (
    preconditions?.resourceVersion &&
    preconditions.resourceVersion !== resourceVersion
  ) {
    throw conflict(
      type,
      name!,
      `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
  }
}

/** An object that is marked for deletion and waits for its finalizers. */
export function withDeletion(
  live: KubernetesObject,
  finalizers: readonly string[],
  graceSeconds: number,
): KubernetesObject {
  const { deletionTimestamp, generation } = live.metadata;
  return {
    ...live,
    metadata: {
      ...live.metadata,
      ...(generation !== undefined &&
        !deletionTimestamp && { generation: generation + 1 }),
      deletionTimestamp:
        deletionTimestamp ??
        formatTime(new Date(Date.now() + graceSeconds * 1000)),
      deletionGracePeriodSeconds: graceSeconds,
      ...(finalizers.length > 0 && { finalizers }),
    },
  };
}
