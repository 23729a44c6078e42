import type { KubernetesObject } from '../KubernetesCluster';
import { omit } from '../patch/jsonValues';
import type { ResourceType } from '../resources/ResourceType';
import type { WriteRequest } from './WriteRequest';

/** What a request can change: status only through the status subresource, and nothing else there. */
export function limitToSubresource(
  type: ResourceType,
  live: KubernetesObject,
  object: KubernetesObject,
  request: WriteRequest,
): KubernetesObject {
  if (request.subresource === 'status') {
    const { status, metadata } = object;
    return {
      ...omit(live, 'status'),
      ...(status !== undefined && { status }),
      metadata: type.custom
        ? {
            ...live.metadata,
            resourceVersion: metadata.resourceVersion,
            managedFields: metadata.managedFields,
          }
        : { ...metadata },
    } as KubernetesObject;
  }
  if (!type.hasStatus) {
    return object;
  }
  const rest = omit(object, 'status');
  return live.status === undefined ? rest : { ...rest, status: live.status };
}
