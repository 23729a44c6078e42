import type { OperationPhase } from '../ApplicationTypes';
import { resourceHealth } from '../health/resourceHealth';
import type { SyncTask } from './SyncTask';

/**
 * What has become of a task that runs, by the health of its object; undefined if nothing has yet.
 *
 * @internal
 */
export function runningOutcome(
  task: SyncTask,
): { state: OperationPhase; message?: string } | undefined {
  const health = resourceHealth(task.live!);
  if (!health) {
    return {
      state: 'Succeeded',
      ...(task.isHook && { message: `${task.key.name} created` }),
    };
  }
  const { status, message } = health;
  if (status === 'Healthy') {
    return { state: 'Succeeded', message };
  }
  if (status === 'Degraded' || (task.isHook && status === 'Unknown')) {
    return { state: 'Failed', message };
  }
  return task.isHook ? { state: 'Running', message } : undefined;
}
