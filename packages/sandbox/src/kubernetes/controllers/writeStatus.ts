import { isDeepStrictEqual } from 'node:util';
import type { KubernetesCluster, KubernetesObject } from '../KubernetesCluster';

/**
 * Replaces an object's status, unless it is the same already.
 *
 * @internal
 */
export function writeStatus(
  cluster: KubernetesCluster,
  object: KubernetesObject,
  status: object,
  fieldManager = 'kube-controller-manager',
): void {
  // What goes over the wire has no undefined fields; comparing with them would write for ever.
  const wanted = JSON.parse(JSON.stringify(status));
  if (isDeepStrictEqual(plain(object.status), wanted)) {
    return;
  }
  const { resourceVersion, ...metadata } = object.metadata;
  cluster.update(
    { ...object, metadata, status: wanted },
    { subresource: 'status', fieldManager },
  );
}

/** Stored objects may have no prototype, which a strict comparison minds. */
function plain(value: unknown): unknown {
  return value === undefined ? {} : JSON.parse(JSON.stringify(value));
}
