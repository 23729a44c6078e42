import type { KubernetesObject } from '../KubernetesCluster';
import { equalJson, omit } from '../patch/jsonValues';

/** Whether a write would change nothing, not even who manages what. */
export function isUnchanged(
  live: KubernetesObject,
  object: KubernetesObject,
): boolean {
  return sameButManagers(live, object) && !changesManagers(live, object);
}

function sameButManagers(
  live: KubernetesObject,
  object: KubernetesObject,
): boolean {
  return (
    equalJson(omit(live, 'metadata'), omit(object, 'metadata')) &&
    equalJson(
      omit(live.metadata, 'managedFields'),
      omit(object.metadata, 'managedFields'),
    )
  );
}

function changesManagers(
  live: KubernetesObject,
  object: KubernetesObject,
): boolean {
  return (
    object.metadata.managedFields !== undefined &&
    !equalJson(live.metadata.managedFields, object.metadata.managedFields)
  );
}
