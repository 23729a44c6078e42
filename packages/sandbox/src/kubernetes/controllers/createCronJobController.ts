import { CronTime } from 'cron';
import type { KubernetesObject } from '../KubernetesCluster';
import { findCondition, timestamp } from './conditions';
import type { Controller, ControllerTools } from './Controller';
import { hasFinished } from './createJobController';
import { objectKey, refOf, refTo } from './objectKey';
import {
  controllerKeys,
  controllerReference,
  listControlled,
} from './ownerReferences';
import { CRON_JOB, JOB } from './resourceTypes';
import { writeStatus } from './writeStatus';

const NAME = 'cronjob-controller';

/**
 * Creates Jobs at the times of their CronJob, by the wall clock, and keeps as many finished ones as asked for.
 *
 * @internal
 */
export function createCronJobController(tools: ControllerTools): Controller {
  const { cluster } = tools;
  const planned = new Map<string, Date>();
  return {
    name: NAME,
    watches: [
      {
        type: CRON_JOB,
        keys: ({ type, object, previous }) => {
          const key = objectKey(object);
          if (
            type === 'DELETED' ||
            previous?.spec.schedule !== object.spec.schedule
          ) {
            planned.delete(key);
          }
          return [key];
        },
      },
      { type: JOB, keys: ({ object }) => controllerKeys(object, 'CronJob') },
    ],
    reconcile(key, queue) {
      const cronJob = cluster.get(refOf(CRON_JOB, key));
      if (!cronJob || cronJob.metadata.deletionTimestamp) {
        return;
      }
      let { status } = cronJob;
      const due = planned.get(key);
      if (!cronJob.spec.suspend && due && due.getTime() <= Date.now()) {
        planned.delete(key);
        if (startJob(tools, cronJob, due)) {
          status = { ...status, lastScheduleTime: timestamp(due) };
        }
      }
      if (!cronJob.spec.suspend && !planned.has(key)) {
        planned.set(key, nextTime(cronJob));
      }
      if (planned.has(key)) {
        queue.addAt(key, planned.get(key)!);
      }
      const jobs = listControlled(cluster, JOB, cronJob);
      forgetFinished(tools, cronJob, jobs);
      const active = jobs.filter(job => !hasFinished(job));
      const successes = jobs
        .map(job => job.status?.completionTime as string | undefined)
        .filter(time => time !== undefined)
        .sort();
      writeStatus(cluster, cronJob, {
        ...(status?.lastScheduleTime && {
          lastScheduleTime: status.lastScheduleTime,
        }),
        ...((successes.length > 0 || status?.lastSuccessfulTime) && {
          lastSuccessfulTime: successes.pop() ?? status?.lastSuccessfulTime,
        }),
        ...(active.length > 0 && {
          active: active.map(({ apiVersion, kind, metadata }) => ({
            apiVersion,
            kind,
            name: metadata.name,
            namespace: metadata.namespace,
            resourceVersion: metadata.resourceVersion,
            uid: metadata.uid,
          })),
        }),
      });
    },
  };
}

function nextTime({ spec }: KubernetesObject): Date {
  return new CronTime(spec.schedule, spec.timeZone ?? 'UTC')
    .sendAt()
    .toJSDate();
}

function startJob(
  { cluster }: ControllerTools,
  cronJob: KubernetesObject,
  time: Date,
): boolean {
  const running = listControlled(cluster, JOB, cronJob).filter(
    job => !hasFinished(job),
  );
  if (running.length > 0 && cronJob.spec.concurrencyPolicy === 'Forbid') {
    cluster.recordEvent({
      regarding: cronJob,
      type: 'Normal',
      reason: 'JobAlreadyActive',
      message:
        'Not starting job because prior execution is running and concurrency policy is Forbid',
      component: NAME,
    });
    return false;
  }
  if (cronJob.spec.concurrencyPolicy === 'Replace') {
    running.forEach(job => cluster.delete(refTo(job)));
  }
  const { jobTemplate } = cronJob.spec;
  const name = `${cronJob.metadata.name}-${Math.floor(
    time.getTime() / 60_000,
  )}`;
  cluster.create(
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name,
        namespace: cronJob.metadata.namespace,
        labels: jobTemplate.metadata?.labels,
        annotations: {
          ...jobTemplate.metadata?.annotations,
          'batch.kubernetes.io/cronjob-scheduled-timestamp': timestamp(time),
        },
        ownerReferences: [controllerReference(cronJob)],
      },
      spec: jobTemplate.spec,
    },
    { fieldManager: 'kube-controller-manager' },
  );
  cluster.recordEvent({
    regarding: cronJob,
    type: 'Normal',
    reason: 'SuccessfulCreate',
    message: `Created job ${name}`,
    component: NAME,
  });
  return true;
}

function forgetFinished(
  { cluster }: ControllerTools,
  cronJob: KubernetesObject,
  jobs: readonly KubernetesObject[],
) {
  for (const [type, limit] of [
    ['Complete', cronJob.spec.successfulJobsHistoryLimit ?? 3],
    ['Failed', cronJob.spec.failedJobsHistoryLimit ?? 1],
  ] as const) {
    const finished = jobs
      .filter(
        job => findCondition(job.status?.conditions, type)?.status === 'True',
      )
      .sort((a, b) =>
        a.metadata.creationTimestamp! < b.metadata.creationTimestamp! ? -1 : 1,
      );
    for (const job of finished.slice(0, Math.max(0, finished.length - limit))) {
      cluster.delete(refTo(job), { propagationPolicy: 'Background' });
    }
  }
}
