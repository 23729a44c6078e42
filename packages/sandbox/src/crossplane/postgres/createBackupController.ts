import type {
  Controller,
  ControllerQueue,
  ControllerTools,
} from '../../kubernetes/controllers/Controller';
import {
  findCondition,
  setCondition,
  timestamp,
} from '../../kubernetes/controllers/conditions';
import { objectKey, refOf } from '../../kubernetes/controllers/objectKey';
import { writeStatus } from '../../kubernetes/controllers/writeStatus';
import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import { Pauses } from '../Pauses';
import type { PostgresProvisioner } from './PostgresProvisioner';
import { BACKUP, DATABASE_FINALIZER, POSTGRES_CLUSTER } from './postgresTypes';

const NAME = 'cloudnative-pg-backup';
const BACKUP_MILLISECONDS = 6000;
const ENDS = ['completed', 'failed'];

/** Makes Backups: real copies of the database, from which another Cluster can be made. */
export function createBackupController(
  { cluster, timers }: ControllerTools,
  provisioner: PostgresProvisioner,
): Controller {
  const pauses = new Pauses(timers);
  const { server, work } = provisioner;
  const namesOf = ({ metadata, spec }: KubernetesObject) => ({
    copy: provisioner.nameOf(
      'bak',
      cluster.name,
      metadata.namespace!,
      metadata.name!,
    ),
    source: provisioner.nameOf(
      'db',
      cluster.name,
      metadata.namespace!,
      spec.cluster.name,
    ),
  });

  const finish = (backup: KubernetesObject, error: Error | undefined) => {
    const { metadata, spec, status } = backup;
    const stoppedAt = timestamp();
    writeStatus(
      cluster,
      backup,
      {
        ...status,
        stoppedAt,
        ...(error
          ? { phase: 'failed', error: error.message }
          : {
              phase: 'completed',
              backupId: stoppedAt.replace(/[-:Z]/g, ''),
              backupName: `backup-${stoppedAt.replace(/[-:TZ]/g, '')}`,
            }),
      },
      NAME,
    );
    cluster.recordEvent({
      regarding: backup,
      type: error ? 'Warning' : 'Normal',
      reason: error ? 'Failed' : 'Completed',
      message: error ? error.message : 'Backup completed',
      component: NAME,
    });
    const owner = cluster.get({
      ...POSTGRES_CLUSTER,
      namespace: metadata.namespace,
      name: spec.cluster.name,
    });
    if (owner) {
      writeStatus(
        cluster,
        owner,
        {
          ...owner.status,
          conditions: setCondition(owner.status?.conditions, {
            type: 'LastBackupSucceeded',
            status: error ? 'False' : 'True',
            reason: error ? 'LastBackupFailed' : 'LastBackupSucceeded',
            message: error ? error.message : 'Backup was successful',
          }),
        },
        NAME,
      );
    }
  };

  const remove = (
    key: string,
    backup: KubernetesObject,
    queue: ControllerQueue,
  ) => {
    const name = `${cluster.name} ${key} ${backup.metadata.uid} drop`;
    const result = work.run(
      name,
      async () => server?.drop(namesOf(backup).copy),
      () => queue.add(key),
    );
    if (result?.error) {
      work.forget(name);
      throw result.error;
    }
    if (result) {
      cluster.patch(
        refOf(BACKUP, key),
        {
          metadata: {
            finalizers: (backup.metadata.finalizers ?? []).filter(
              item => item !== DATABASE_FINALIZER,
            ),
          },
        },
        { fieldManager: NAME },
      );
    }
  };

  const start = (backup: KubernetesObject): KubernetesObject => {
    const { metadata, spec } = backup;
    const { finalizers = [] } = metadata;
    const ref = refOf(BACKUP, objectKey(backup));
    const kept = finalizers.includes(DATABASE_FINALIZER)
      ? backup
      : cluster.patch(
          ref,
          { metadata: { finalizers: [...finalizers, DATABASE_FINALIZER] } },
          { fieldManager: NAME },
        );
    if (!backup.status?.phase) {
      writeStatus(
        cluster,
        kept,
        {
          phase: 'started',
          method: spec.method ?? 'plugin',
          startedAt: timestamp(),
          instanceID: { podName: `${spec.cluster.name}-1` },
        },
        NAME,
      );
    }
    return cluster.get(ref)!;
  };

  return {
    name: NAME,
    watches: [
      { type: BACKUP, keys: ({ object }) => [objectKey(object)] },
      {
        type: POSTGRES_CLUSTER,
        keys: ({ object }) =>
          cluster
            .list(BACKUP, { namespace: object.metadata.namespace })
            .filter(({ spec }) => spec.cluster.name === object.metadata.name)
            .map(objectKey),
      },
    ],
    reconcile(key, queue) {
      const found = cluster.get(refOf(BACKUP, key));
      if (!found) {
        return;
      }
      if (found.metadata.deletionTimestamp) {
        remove(key, found, queue);
        return;
      }
      if (ENDS.includes(found.status?.phase)) {
        return;
      }
      const owner = cluster.get({
        ...POSTGRES_CLUSTER,
        namespace: found.metadata.namespace,
        name: found.spec.cluster.name,
      });
      if (!owner) {
        finish(found, new Error(`Unknown cluster ${found.spec.cluster.name}`));
        return;
      }
      if (findCondition(owner.status?.conditions, 'Ready')?.status !== 'True') {
        // Begins once there is something to copy.
        return;
      }
      const backup = start(found);
      const name = `${cluster.name} ${key} ${backup.metadata.uid}`;
      const { copy, source } = namesOf(backup);
      const result = work.run(
        name,
        async () => server?.copy(source, copy),
        () => queue.add(key),
      );
      if (
        result &&
        pauses.isOver(name, BACKUP_MILLISECONDS, () => queue.add(key))
      ) {
        finish(backup, result.error);
      }
    },
  };
}
