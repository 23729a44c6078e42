import { OBJECTS_MOST } from '@waystone/plugin-delivery-common';
import type {
  Container,
  Health,
  ObjectsResponse,
  RunningObject,
} from '@waystone/plugin-delivery-common';
import type { Collected } from './EvidenceCollector';
import type { ContainerState, PodState } from './PodState';
import { redactSecrets } from './redactSecrets';
import { toTime } from './Situation';

/** What tools write about objects: it is shown where it is judged. */
const REPORTS =
  /^(wgpolicyk8s\.io|openreports\.io|reports\.x-k8s\.io|aquasecurity\.github\.io)$/;

/** How many events are listed. */
const MOST_EVENTS = 50;

/** What runs for a deployment, as the page shows it. */
export function describeObjects(collected: Collected): ObjectsResponse {
  const { freshness, gaps, situation } = collected;
  const pods = new Map(situation.pods.map(pod => [pod.name, pod]));
  const objects = situation.objects.filter(
    ({ group }) => !REPORTS.test(group ?? ''),
  );
  const items = objects.map((object): RunningObject => {
    const pod = object.kind === 'Pod' ? pods.get(object.name) : undefined;
    return {
      id: object.id,
      parent: object.parent,
      group: object.group,
      kind: object.kind,
      namespace: object.namespace,
      name: object.name,
      health: object.health ?? (pod && healthOf(pod)),
      message: object.message && redactSecrets(object.message),
      sync: object.sync,
      createdAt: object.createdAt ?? toTime(pod?.createdAt),
      containers: pod?.containers.map(toContainer),
      node: pod?.node,
    };
  });
  return {
    items: items.slice(0, OBJECTS_MOST),
    totalItems: items.length,
    events: situation.events
      .slice(0, MOST_EVENTS)
      .map(({ count, lastSeenAt, message, reason, regarding, type }) => ({
        object: {
          kind: regarding.kind ?? '',
          name: regarding.name ?? '',
          namespace: regarding.namespace,
        },
        warning: type === 'Warning',
        reason,
        message: redactSecrets(message),
        count,
        at: toTime(lastSeenAt),
      })),
    gaps: [...gaps],
    freshness: [...freshness],
  };
}

function healthOf({ containers, phase, ready }: PodState): Health {
  if (ready || phase === 'Succeeded') {
    return 'healthy';
  }
  return phase === 'Failed' ||
    containers.some(({ waiting }) =>
      /BackOff|Err|Error/.test(waiting?.reason ?? ''),
    )
    ? 'degraded'
    : 'progressing';
}

function toContainer(container: ContainerState): Container {
  const { ended, endedBefore, image, init, name, ready, restarts, waiting } =
    container;
  const message = waiting?.message ?? ended?.message;
  return {
    name,
    image,
    init,
    ready,
    restarts,
    state:
      waiting?.reason ??
      ended?.reason ??
      (container.runningSince === undefined ? 'Waiting' : 'Running'),
    message:
      message === undefined
        ? endedBefore && `${endedBefore.reason ?? 'Ended'} before`
        : redactSecrets(message),
  };
}
