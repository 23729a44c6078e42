import type { KubernetesEvent } from '@waystone/integrations';
import type {
  DeliveryState,
  Evidence,
  Explanation,
} from '@waystone/plugin-delivery-common';
import type {
  DeliveryProblem,
  InspectedObject,
} from '@waystone/plugin-delivery-node';
import type { ContainerState, PodState } from './PodState';
import { redactSecrets } from './redactSecrets';

/** The last lines of a container. */
export interface LogTail {
  readonly pod: string;
  readonly namespace: string;
  readonly container: string;
  readonly previous: boolean;
  readonly lines: readonly string[];
}

/** All that is known of a deployment when it is to be explained. */
export interface Situation {
  readonly state: DeliveryState;
  /** What the source says of it in a sentence. */
  readonly reason?: string;
  readonly problems: readonly DeliveryProblem[];
  readonly objects: readonly InspectedObject[];
  readonly pods: readonly PodState[];
  /** Newest first, of the objects and the pods only. */
  readonly events: readonly KubernetesEvent[];
  readonly logs: readonly LogTail[];
}

/** One reason why a deployment may be as it is, or undefined. */
export type Rule = (situation: Situation) => Explanation | undefined;

/** A container and the pod that it is in. */
export interface FailingContainer {
  readonly pod: PodState;
  readonly container: ContainerState;
}

/** The first container that is as asked for, of the pods that are to run and are not ready, the newest first. */
export function findContainer(
  { pods }: Situation,
  isWanted: (container: ContainerState, pod: PodState) => boolean,
): FailingContainer | undefined {
  for (const pod of failingPods(pods)) {
    const container = pod.containers.find(each => isWanted(each, pod));
    if (container) {
      return { pod, container };
    }
  }
  return undefined;
}

/** Those that are to run and do not, the newest first. */
export function failingPods(pods: readonly PodState[]): PodState[] {
  return pods
    .filter(
      ({ deleting, phase, ready }) =>
        !deleting && !ready && phase !== 'Succeeded',
    )
    .sort((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? ''));
}

/** The newest event of an object for one of the reasons. */
export function findEvent(
  { events }: Situation,
  uid: string,
  reasons: readonly string[],
  pattern = /(?:)/,
): KubernetesEvent | undefined {
  return events.find(
    event =>
      event.regarding.uid === uid &&
      reasons.includes(event.reason) &&
      pattern.test(event.message),
  );
}

/** An event as evidence. */
export function eventEvidence(event: KubernetesEvent): Evidence {
  const { kind, name, namespace } = event.regarding;
  return {
    kind: 'event',
    object: kind && name ? { kind, name, namespace } : undefined,
    lines: [redactSecrets(`${event.reason}: ${event.message}`)],
    count: event.count,
    at: toTime(event.lastSeenAt),
  };
}

/** What a container says of itself as evidence. */
export function containerEvidence(
  { container, pod }: FailingContainer,
  ...lines: readonly (string | undefined)[]
): Evidence {
  return {
    kind: 'status',
    object: podName(pod),
    container: container.name,
    lines: lines.flatMap(line => (line ? redactSecrets(line) : [])),
  };
}

/** The last lines of a container as evidence, if they could be read. */
export function logEvidence(
  { logs }: Situation,
  { container, pod }: FailingContainer,
): Evidence[] {
  const tail = logs.find(
    each => each.pod === pod.name && each.container === container.name,
  );
  return tail && tail.lines.length > 0
    ? [
        {
          kind: 'log',
          object: podName(pod),
          container: container.name,
          previous: tail.previous,
          lines: tail.lines.map(redactSecrets),
        },
      ]
    : [];
}

/** A pod by its name. */
export function podName({ name, namespace }: PodState) {
  return { kind: 'Pod', name, namespace };
}

/** How many of the pods that are to run are not ready, as the end of a sentence. */
export function countFailing({ pods }: Situation): string {
  const running = pods.filter(
    ({ deleting, phase }) => !deleting && phase !== 'Succeeded',
  );
  const failing = failingPods(pods);
  return running.length > 1
    ? ` (${failing.length} of ${running.length} pods are not ready)`
    : '';
}

/** ISO 8601 with milliseconds; undefined if it is no time. */
export function toTime(value: string | undefined): string | undefined {
  const time = new Date(value ?? '');
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
