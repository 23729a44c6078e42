import type { KubernetesObject } from '../KubernetesCluster';
import { getPath, withPath } from '../patch/jsonValues';
import type { ResourceType } from '../resources/ResourceType';
import { formatLabelSelector } from '../resources/selectors';
import type { ObjectWriter } from './ObjectWriter';
import { badRequest, conflict, invalid, noSuchResource } from './statusErrors';
import type { WriteRequest } from './WriteRequest';

/** The `Scale` of an object. */
export function scaleOf(
  type: ResourceType,
  object: KubernetesObject,
): KubernetesObject {
  if (!type.scale) {
    throw noSuchResource();
  }
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } =
    type.scale;
  const { name, namespace, uid, resourceVersion, creationTimestamp } =
    object.metadata;
  const selector = labelSelectorPath && at(object, labelSelectorPath);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: at(object, specReplicasPath) ?? 0 },
    status: {
      replicas: at(object, statusReplicasPath) ?? 0,
      ...(selector && { selector: formatSelector(type, selector) }),
    },
  };
}

/**
 * Changes the number of replicas.
 *
 * @param change - makes of the `Scale` as it is the one that is wanted
 */
export function updateScale(
  writer: ObjectWriter,
  type: ResourceType,
  namespace: string | undefined,
  name: string,
  change: (scale: KubernetesObject) => KubernetesObject,
  request: WriteRequest,
): KubernetesObject {
  if (!type.scale) {
    throw noSuchResource();
  }
  const path = type.scale.specReplicasPath.slice(1).split('.');
  const changed = writer.modify(
    type,
    namespace,
    name,
    live => {
      const before = scaleOf(type, live);
      const wanted = change(before);
      const { resourceVersion } = wanted.metadata ?? {};
      if (
        resourceVersion &&
        resourceVersion !== live.metadata.resourceVersion
      ) {
        throw conflict(type, name);
      }
      const replicas = wanted.spec?.replicas ?? 0;
      if (!Number.isInteger(replicas)) {
        throw badRequest(
          `Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal ${typeof replicas} into Go struct field ScaleSpec.spec.replicas of type int32`,
        );
      }
      if (replicas < 0) {
        throw invalid({ ...type, group: 'autoscaling', kind: 'Scale' }, name, [
          {
            type: 'Invalid value',
            field: 'spec.replicas',
            value: replicas,
            detail: 'must be greater than or equal to 0',
          },
        ]);
      }
      return withPath(live, path, replicas);
    },
    { ...request, subresource: 'scale' },
  );
  return scaleOf(type, changed);
}

function at(object: KubernetesObject, path: string): any {
  return getPath(object, path.slice(1).split('.'));
}

function formatSelector(type: ResourceType, selector: any): string {
  if (typeof selector === 'string') {
    return selector;
  }
  return type.kind === 'ReplicationController'
    ? formatLabelSelector({ matchLabels: selector })
    : formatLabelSelector(selector);
}
