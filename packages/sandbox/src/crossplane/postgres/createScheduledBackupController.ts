import { CronTime } from 'cron';
import type {
  Controller,
  ControllerTools,
} from '../../kubernetes/controllers/Controller';
import { timestamp } from '../../kubernetes/controllers/conditions';
import { objectKey, refOf } from '../../kubernetes/controllers/objectKey';
import { controllerReference } from '../../kubernetes/controllers/ownerReferences';
import { writeStatus } from '../../kubernetes/controllers/writeStatus';
import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import { BACKUP, POSTGRES_CLUSTER, SCHEDULED_BACKUP } from './postgresTypes';

const NAME = 'cloudnative-pg-scheduledbackup';
const SCHEDULE_LABEL = 'cnpg.io/scheduled-backup';
/** Each is a whole database. */
const KEPT_BACKUPS = 3;

/** Makes Backups by a schedule of six fields, seconds first. */
export function createScheduledBackupController({
  cluster,
}: ControllerTools): Controller {
  const removeOld = ({ metadata }: KubernetesObject) => {
    const backups = [
      ...cluster.list(BACKUP, {
        namespace: metadata.namespace,
        labelSelector: `${SCHEDULE_LABEL}=${metadata.name}`,
      }),
    ].sort((left, right) =>
      left.metadata.name! < right.metadata.name! ? -1 : 1,
    );
    for (const old of backups.slice(0, -KEPT_BACKUPS)) {
      cluster.delete(refOf(BACKUP, objectKey(old)));
    }
  };

  const makeBackup = (schedule: KubernetesObject, time: Date) => {
    const { metadata, spec } = schedule;
    const owner =
      spec.backupOwnerReference === 'cluster'
        ? cluster.get({
            ...POSTGRES_CLUSTER,
            namespace: metadata.namespace,
            name: spec.cluster.name,
          })
        : schedule;
    cluster.create(
      {
        ...BACKUP,
        metadata: {
          name: `${metadata.name}-${timestamp(time).replace(/[-:TZ]/g, '')}`,
          namespace: metadata.namespace,
          labels: {
            'cnpg.io/cluster': spec.cluster.name,
            [SCHEDULE_LABEL]: metadata.name!,
          },
          ...(owner &&
            spec.backupOwnerReference !== 'none' &&
            spec.backupOwnerReference && {
              ownerReferences: [controllerReference(owner)],
            }),
        },
        spec: {
          cluster: spec.cluster,
          ...(spec.method && { method: spec.method }),
          ...(spec.pluginConfiguration && {
            pluginConfiguration: spec.pluginConfiguration,
          }),
        },
      },
      { fieldManager: NAME },
    );
    removeOld(schedule);
  };

  return {
    name: NAME,
    watches: [
      { type: SCHEDULED_BACKUP, keys: ({ object }) => [objectKey(object)] },
    ],
    reconcile(key, queue) {
      const schedule = cluster.get(refOf(SCHEDULED_BACKUP, key));
      if (!schedule || schedule.metadata.deletionTimestamp) {
        return;
      }
      const { spec, status = {} } = schedule;
      const now = new Date();
      const lastCheckTime = status.lastCheckTime ?? timestamp(now);
      let next;
      try {
        next = new CronTime(spec.schedule, 'UTC').getNextDateFrom(
          new Date(status.lastScheduleTime ?? lastCheckTime),
          'UTC',
        );
      } catch (error) {
        writeStatus(
          cluster,
          schedule,
          { ...status, error: (error as Error).message },
          NAME,
        );
        return;
      }
      if (spec.suspend) {
        return;
      }
      const isFirst = !status.lastCheckTime;
      const due = next.toJSDate();
      if ((isFirst && spec.immediate) || due <= now) {
        makeBackup(schedule, now);
        writeStatus(
          cluster,
          schedule,
          { ...status, lastCheckTime, lastScheduleTime: timestamp(now) },
          NAME,
        );
        queue.add(key);
        return;
      }
      writeStatus(
        cluster,
        schedule,
        { ...status, lastCheckTime, nextScheduleTime: timestamp(due) },
        NAME,
      );
      queue.addAt(key, due);
    },
  };
}
