import type { SandboxContext } from '../../core/SandboxContext';
import type { KubernetesObject, PodLogSource } from '../KubernetesCluster';
import type { ContainerStatus } from './containerStates';
import { findContainer } from './containerStates';
import { logFormatOf } from './logFormats';
import { LogWriter } from './LogWriter';
import type { Run } from './LogWriter';
import type { BehavingContainer, PodBehaviours } from './PodBehaviours';
import { parseImage } from './PodBehaviours';

/**
 * What simulated containers log. Lines are derived from the container's start, the time and the seed: the same pod
 * says the same at every reading, only more of it, and nothing is kept.
 *
 * @internal
 */
export function createPodLogSource(
  context: Pick<SandboxContext, 'random'>,
  behaviours: PodBehaviours,
): PodLogSource {
  return (pod, { container: name, previous }) => {
    const container = findSpec(pod, name);
    const status = findContainer(pod, name);
    const run = container && status && findRun(status, previous);
    if (!run) {
      return [];
    }
    const isJob = (pod.spec.restartPolicy ?? 'Always') !== 'Always';
    const writer = new LogWriter(
      context,
      logFormatOf(name, isJob),
      {
        name,
        version: parseImage(container.image).tag,
        pod: pod.metadata.name!,
      },
      `${pod.metadata.uid} ${name}`,
    );
    return writer.write({
      ...run,
      isJob,
      behaviourAt: time => behaviours.of(pod, container, time),
    });
  };
}

function findSpec(
  pod: KubernetesObject,
  name: string,
): BehavingContainer | undefined {
  return [
    ...(pod.spec.containers as BehavingContainer[]),
    ...((pod.spec.initContainers ?? []) as BehavingContainer[]),
  ].find(container => container.name === name);
}

function findRun(status: ContainerStatus, previous: boolean): Run | undefined {
  const { state, lastState, restartCount } = status;
  const terminated = previous
    ? restartCount > 0 && (lastState.terminated ?? state.terminated)
    : // Between two starts the last one is the present one.
      state.terminated ?? (state.waiting && lastState.terminated);
  if (terminated) {
    return {
      start: Date.parse(terminated.startedAt),
      end: Date.parse(terminated.finishedAt),
      exitCode: terminated.exitCode,
    };
  }
  return !previous && state.running
    ? { start: Date.parse(state.running.startedAt), end: Date.now() }
    : undefined;
}
