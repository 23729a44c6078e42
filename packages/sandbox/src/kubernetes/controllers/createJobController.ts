import type { KubernetesObject } from '../KubernetesCluster';
import type { Condition } from './conditions';
import { findCondition, setCondition, timestamp } from './conditions';
import type { Controller, ControllerTools } from './Controller';
import { createPod } from './createPod';
import { objectKey, refOf, refTo } from './objectKey';
import { controllerKeys, listControlled } from './ownerReferences';
import { isActive, isReady } from './podState';
import { JOB, POD } from './resourceTypes';
import { writeStatus } from './writeStatus';

const NAME = 'job-controller';
/** The wait before the first new try of a failed pod; each next one is twice as long. */
const FIRST_RETRY = 10_000;

/** Runs a Job's pods to their end, again after failures, up to its limit. @internal */
export function createJobController(tools: ControllerTools): Controller {
  const { cluster } = tools;
  const lastFailures = new Map<string, number>();
  return {
    name: NAME,
    watches: [
      { type: JOB, keys: ({ object }) => [objectKey(object)] },
      { type: POD, keys: ({ object }) => controllerKeys(object, 'Job') },
    ],
    reconcile(key, queue) {
      const job = cluster.get(refOf(JOB, key));
      if (!job || job.metadata.deletionTimestamp) {
        lastFailures.delete(key);
        return;
      }
      if (hasFinished(job)) {
        if (job.spec.ttlSecondsAfterFinished !== undefined) {
          expire(tools, job, key);
        }
        return;
      }
      const pods = listControlled(cluster, POD, job);
      const active = pods.filter(isActive);
      const succeeded = pods.filter(
        ({ status }) => status?.phase === 'Succeeded',
      ).length;
      const failed = pods.filter(
        ({ status }) => status?.phase === 'Failed',
      ).length;
      const completions: number = job.spec.completions ?? 1;
      const outcome = outcomeOf(job, succeeded, failed);

      if (outcome) {
        finish(tools, job, { outcome, active, succeeded, failed });
        return;
      }
      if (job.spec.suspend) {
        active.forEach(pod => cluster.delete(refTo(pod)));
        writeStatus(cluster, job, {
          ...job.status,
          conditions: setCondition(job.status?.conditions, {
            type: 'Suspended',
            status: 'True',
            reason: 'JobSuspended',
            message: 'Job suspended',
          }),
        });
        return;
      }
      const missing =
        Math.min(job.spec.parallelism ?? 1, completions - succeeded) -
        active.length;
      if (failed > (lastFailures.get(key) ?? 0)) {
        lastFailures.set(key, failed);
        queue.addAfter(key, FIRST_RETRY * 2 ** (failed - 1));
      } else if (missing > 0 && !tools.timers.has(`${NAME} ${key}`)) {
        for (let index = 0; index < missing; index++) {
          addPod(tools, job);
        }
      }
      const now = listControlled(cluster, POD, job).filter(isActive);
      writeStatus(cluster, job, {
        ...(now.length > 0 && { active: now.length }),
        ...(failed > 0 && { failed }),
        ...(succeeded > 0 && { succeeded }),
        ready: now.filter(isReady).length,
        startTime: job.status?.startTime ?? timestamp(),
        terminating: 0,
        uncountedTerminatedPods: {},
      });
    },
  };
}

/** Whether a Job is over, for good or bad. @internal */
export function hasFinished(job: KubernetesObject): boolean {
  return ['Complete', 'Failed'].some(
    type => findCondition(job.status?.conditions, type)?.status === 'True',
  );
}

interface Outcome {
  readonly succeeded: boolean;
  readonly reason: string;
  readonly message: string;
}

function outcomeOf(
  { spec }: KubernetesObject,
  succeeded: number,
  failed: number,
): Outcome | undefined {
  if (succeeded >= (spec.completions ?? 1)) {
    return {
      succeeded: true,
      reason: 'CompletionsReached',
      message: 'Reached expected number of succeeded pods',
    };
  }
  return failed > (spec.backoffLimit ?? 6)
    ? {
        succeeded: false,
        reason: 'BackoffLimitExceeded',
        message: 'Job has reached the specified backoff limit',
      }
    : undefined;
}

function finish(
  { cluster }: ControllerTools,
  job: KubernetesObject,
  result: {
    outcome: Outcome;
    active: readonly KubernetesObject[];
    succeeded: number;
    failed: number;
  },
) {
  const { outcome, active, succeeded, failed } = result;
  active.forEach(pod => cluster.delete(refTo(pod)));
  const { reason, message } = outcome;
  const now = timestamp();
  const types = outcome.succeeded
    ? ['SuccessCriteriaMet', 'Complete']
    : ['FailureTarget', 'Failed'];
  const conditions: Condition[] = types.map(type => ({
    type,
    status: 'True',
    reason,
    message,
    lastProbeTime: now,
    lastTransitionTime: now,
  }));
  writeStatus(cluster, job, {
    ...(outcome.succeeded && { completionTime: now }),
    conditions,
    ...(failed > 0 && { failed }),
    ...(succeeded > 0 && { succeeded }),
    ready: 0,
    startTime: job.status?.startTime ?? now,
    terminating: 0,
    uncountedTerminatedPods: {},
  });
  cluster.recordEvent({
    regarding: job,
    type: outcome.succeeded ? 'Normal' : 'Warning',
    reason: outcome.succeeded ? 'Completed' : reason,
    message: outcome.succeeded ? 'Job completed' : message,
    component: NAME,
  });
}

function expire(tools: ControllerTools, job: KubernetesObject, key: string) {
  const name = `expire ${key} ${job.metadata.uid}`;
  if (!tools.timers.has(name)) {
    tools.timers.set(name, job.spec.ttlSecondsAfterFinished * 1000, () =>
      tools.cluster.delete(refTo(job), { propagationPolicy: 'Background' }),
    );
  }
}

function addPod({ cluster }: ControllerTools, job: KubernetesObject) {
  const pod = createPod(cluster, job, { template: job.spec.template });
  cluster.recordEvent({
    regarding: job,
    type: 'Normal',
    reason: 'SuccessfulCreate',
    message: `Created pod: ${pod.metadata.name}`,
    component: NAME,
  });
}
