import type { KubernetesObject } from '../KubernetesCluster';
import { formatAge } from './TableLayout';

/** What `kubectl get pods` says of a pod, by the rules of the API server. */
export function describePod(pod: KubernetesObject): {
  readonly ready: string;
  readonly status: string;
  readonly restarts: string;
} {
  const containers: readonly any[] = pod.spec?.containers ?? [];
  const statuses: readonly any[] = pod.status?.containerStatuses ?? [];
  const initStatuses: readonly any[] = pod.status?.initContainerStatuses ?? [];
  let reason: string = pod.status?.reason || pod.status?.phase || 'Unknown';
  const gated = pod.status?.conditions?.some(
    (condition: any) =>
      condition.type === 'PodScheduled' &&
      condition.reason === 'SchedulingGated',
  );
  if (gated) {
    reason = 'SchedulingGated';
  }
  let ready = 0;
  let restarts = 0;
  let lastRestart = '';
  let initializing = false;
  for (const [index, status] of initStatuses.entries()) {
    restarts += status.restartCount ?? 0;
    if (status.state?.terminated?.exitCode === 0) {
      continue;
    }
    initializing = true;
    if (status.state?.terminated) {
      reason = `Init:${terminationReason(status.state.terminated)}`;
    } else if (
      status.state?.waiting?.reason &&
      status.state.waiting.reason !== 'PodInitializing'
    ) {
      reason = `Init:${status.state.waiting.reason}`;
    } else {
      reason = `Init:${index}/${pod.spec?.initContainers?.length ?? 0}`;
    }
    break;
  }
  if (!initializing) {
    restarts = 0;
    let running = false;
    for (const status of [...statuses].reverse()) {
      restarts += status.restartCount ?? 0;
      const finished = status.lastState?.terminated?.finishedAt;
      if (finished && finished > lastRestart) {
        lastRestart = finished;
      }
      if (status.state?.waiting?.reason) {
        reason = status.state.waiting.reason;
      } else if (status.state?.terminated) {
        reason = terminationReason(status.state.terminated);
      } else if (status.ready && status.state?.running) {
        running = true;
        ready += 1;
      }
    }
    if (reason === 'Completed' && running) {
      const isReady = pod.status?.conditions?.some(
        (condition: any) =>
          condition.type === 'Ready' && condition.status === 'True',
      );
      reason = isReady ? 'Running' : 'NotReady';
    }
  }
  if (pod.metadata.deletionTimestamp) {
    reason = pod.status?.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
  }
  return {
    ready: `${ready}/${containers.length}`,
    status: reason,
    restarts:
      restarts > 0 && lastRestart
        ? `${restarts} (${formatAge(lastRestart)} ago)`
        : String(restarts),
  };
}

function terminationReason(terminated: any): string {
  if (terminated.reason) {
    return terminated.reason;
  }
  return terminated.signal
    ? `Signal:${terminated.signal}`
    : `ExitCode:${terminated.exitCode}`;
}
