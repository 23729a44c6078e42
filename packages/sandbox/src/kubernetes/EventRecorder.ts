import { createHash } from 'node:crypto';
import type { KubernetesCluster, KubernetesObject } from './KubernetesCluster';
import { formatTime } from './write/prepareMetadata';

/** As long the same again raises the count of an event. */
const REPEAT_MS = 10 * 60_000;

/**
 * Records an Event, or counts up the one that says the same.
 *
 * @internal
 */
export function recordEvent(
  cluster: KubernetesCluster,
  event: Parameters<KubernetesCluster['recordEvent']>[0],
): void {
  const { regarding, type, reason, message, component } = event;
  const namespace = regarding.metadata.namespace ?? 'default';
  if (!cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace })) {
    return;
  }
  const now = formatTime();
  const digest = createHash('sha256')
    .update(
      [regarding.metadata.uid, type, reason, message, component].join('\n'),
    )
    .digest('hex')
    .slice(0, 16);
  const name = `${regarding.metadata.name}.${digest}`;
  const ref = { apiVersion: 'v1', kind: 'Event', namespace, name };
  const known = cluster.get(ref);
  if (known && Date.now() - Date.parse(known.lastTimestamp) < REPEAT_MS) {
    cluster.patch(
      ref,
      { count: (known.count ?? 1) + 1, lastTimestamp: now },
      { fieldManager: component },
    );
    return;
  }
  if (known) {
    cluster.delete(ref);
  }
  cluster.create(
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: referenceTo(regarding),
      reason,
      message,
      source: { component },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type,
      reportingComponent: component,
      reportingInstance: '',
    },
    { fieldManager: component },
  );
}

function referenceTo(object: KubernetesObject): Record<string, unknown> {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  return {
    kind: object.kind,
    ...(namespace && { namespace }),
    name,
    uid,
    apiVersion: object.apiVersion,
    resourceVersion,
  };
}
