import type { KubernetesObject } from '../KubernetesCluster';
import type { Condition } from './conditions';
import { setCondition, timestamp } from './conditions';
import { parseImage } from './PodBehaviours';
import { fakeDigest } from './templateHash';

/** The state of a container: one of the three is set. @internal */
export interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly running?: { readonly startedAt: string };
  readonly terminated?: {
    readonly exitCode: number;
    readonly reason: string;
    readonly startedAt: string;
    readonly finishedAt: string;
    readonly containerID: string;
    readonly message?: string;
  };
}

/** A container as the pod's status has it. @internal */
export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly imageID: string;
  readonly containerID?: string;
  readonly ready: boolean;
  readonly started?: boolean;
  readonly restartCount: number;
  readonly state: ContainerState;
  readonly lastState: ContainerState;
}

/** A container before its first start. */
export function newContainerStatus(
  container: { readonly name: string; readonly image: string },
  reason: string,
): ContainerStatus {
  return {
    name: container.name,
    image: container.image,
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason } },
    lastState: {},
  };
}

/** The container in the pod's status. */
export function findContainer(
  pod: KubernetesObject,
  name: string,
): ContainerStatus | undefined {
  return [
    ...((pod.status?.containerStatuses ?? []) as ContainerStatus[]),
    ...((pod.status?.initContainerStatuses ?? []) as ContainerStatus[]),
  ].find(status => status.name === name);
}

/** An identifier as containerd gives one to each start of a container. */
export function containerId(uid: string, name: string, start: number): string {
  return `containerd://${fakeDigest(`${uid} ${name} ${start}`, 64)}`;
}

/** The digest under which a node knows an image: the same for the same reference. */
export function imageId(image: string): string {
  const [name] = image.split('@');
  const colon = name.lastIndexOf(':');
  const repository =
    colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
  return `${repository}@sha256:${imageDigest(image)}`;
}

/** The digest of an image, without its algorithm. */
export function imageDigest(image: string): string {
  return image.split('@sha256:')[1] ?? fakeDigest(`image ${image}`, 64);
}

/** A container that has just started. */
export function runningContainer(
  uid: string,
  container: { readonly name: string; readonly image: string },
  start: number,
): Partial<ContainerStatus> {
  const image = fullImageName(container.image);
  return {
    state: { running: { startedAt: timestamp() } },
    containerID: containerId(uid, container.name, start),
    image,
    imageID: imageId(image),
    restartCount: start,
    started: true,
  };
}

/** The reference with everything in it, as the container runtime reports it. */
function fullImageName(image: string): string {
  const { registry, repository, tag, digest } = parseImage(image);
  return digest
    ? `${registry}/${repository}@${digest}`
    : `${registry}/${repository}:${tag}`;
}

/** The phase that follows from the containers. */
export function phaseOf(
  containers: readonly ContainerStatus[],
  restartPolicy: string,
): 'Pending' | 'Running' | 'Succeeded' | 'Failed' {
  if (
    containers.some(
      ({ state, lastState }) => state.waiting && !lastState.terminated,
    )
  ) {
    return 'Pending';
  }
  const ended = containers.every(({ state }) => state.terminated);
  const failed = containers.some(
    ({ state }) => state.terminated && state.terminated.exitCode !== 0,
  );
  if (
    !ended ||
    restartPolicy === 'Always' ||
    (failed && restartPolicy === 'OnFailure')
  ) {
    return 'Running';
  }
  return failed ? 'Failed' : 'Succeeded';
}

const NOT_READY: Readonly<
  Record<string, { reason: string; message?: string }>
> = {
  Succeeded: { reason: 'PodCompleted' },
  Failed: { reason: 'PodFailed' },
};

/** The conditions that follow from the containers. */
export function podConditions(
  current: readonly Condition[] | undefined,
  options: {
    readonly phase: string;
    readonly containers: readonly ContainerStatus[];
    readonly initialized: boolean;
    readonly sandboxReady: boolean;
  },
): Condition[] {
  const { phase, containers, initialized, sandboxReady } = options;
  const unready = containers
    .filter(({ ready }) => !ready)
    .map(({ name }) => name);
  const notReady = NOT_READY[phase] ?? {
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  };
  const set = (
    conditions: readonly Condition[] | undefined,
    type: string,
    holds: boolean,
    otherwise?: { reason: string; message?: string },
  ) =>
    setCondition(conditions, {
      type,
      status: holds ? 'True' : 'False',
      lastProbeTime: null,
      ...(!holds && otherwise),
      ...(holds &&
        phase === 'Succeeded' &&
        type === 'Initialized' &&
        otherwise),
    });

  let next = set(current, 'PodScheduled', true);
  next = set(next, 'PodReadyToStartContainers', sandboxReady);
  next = set(
    next,
    'Initialized',
    initialized,
    phase === 'Succeeded'
      ? { reason: 'PodCompleted' }
      : { reason: 'ContainersNotInitialized' },
  );
  next = set(next, 'Ready', unready.length === 0, notReady);
  return set(next, 'ContainersReady', unready.length === 0, notReady);
}
