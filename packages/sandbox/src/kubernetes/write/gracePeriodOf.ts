import type { KubernetesObject } from '../KubernetesCluster';
import type { ResourceType } from '../resources/ResourceType';
import type { DeleteRequest } from './WriteRequest';

/** How long a pod's containers have to stop if the pod does not say it. */
const DEFAULT_SECONDS = 30;

/**
 * How long an object that is deleted stays, in seconds: pods on a node until their containers have stopped and the
 * node deletes them with 0, all else not at all.
 *
 * @internal
 */
export function gracePeriodOf(
  type: ResourceType,
  live: KubernetesObject,
  request: DeleteRequest,
): number {
  const isPod = type.kind === 'Pod' && type.group === '';
  const hasEnded = ['Succeeded', 'Failed'].includes(live.status?.phase);
  if (!isPod || !live.spec?.nodeName || hasEnded) {
    return 0;
  }
  return (
    request.gracePeriodSeconds ??
    live.metadata.deletionGracePeriodSeconds ??
    live.spec.terminationGracePeriodSeconds ??
    DEFAULT_SECONDS
  );
}
