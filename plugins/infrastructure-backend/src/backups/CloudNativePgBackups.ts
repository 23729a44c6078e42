import type { KubernetesService } from '@waystone/integrations';
import { REQUEST_LABEL } from '@waystone/plugin-infrastructure-common';
import type {
  Backup,
  BackupList,
} from '@waystone/plugin-infrastructure-common';
import { z } from 'zod';
import type { DesiredResource } from '../provisioner/Provisioner';
import type { BackupEngine } from './BackupEngine';

/** The name of the engine in annotations. */
export const CLOUD_NATIVE_PG = 'cloudnative-pg';

const API_VERSION = 'postgresql.cnpg.io/v1';
const FIELD_MANAGER = 'waystone-infrastructure';
/** Backups that are kept may be many; older ones are found with kubectl. */
const MOST_BACKUPS = 50;

const compositeSchema = z.looseObject({
  status: z.looseObject({ clusterName: z.string().optional() }).nullish(),
});
const backupSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    creationTimestamp: z.string().nullish(),
  }),
  spec: z.looseObject({ cluster: z.looseObject({ name: z.string() }) }),
  status: z
    .looseObject({
      phase: z.string().nullish(),
      backupId: z.string().nullish(),
      startedAt: z.string().nullish(),
      stoppedAt: z.string().nullish(),
      error: z.string().nullish(),
    })
    .nullish(),
});
const scheduleSchema = z.looseObject({
  spec: z.looseObject({
    schedule: z.string(),
    suspend: z.boolean().nullish(),
    cluster: z.looseObject({ name: z.string() }),
  }),
  status: z
    .looseObject({
      nextScheduleTime: z.string().nullish(),
      error: z.string().nullish(),
    })
    .nullish(),
});

/**
 * Backups of CloudNativePG, by its Barman Cloud plugin.
 *
 * @remarks
 * The times of the last backup in the status of a Cluster are not set for plugins, so the Backups themselves are read.
 * See https://cloudnative-pg.io/documentation/current/backup/
 */
export class CloudNativePgBackups implements BackupEngine {
  readonly #kubernetes: KubernetesService;

  constructor(options: { readonly kubernetes: KubernetesService }) {
    this.#kubernetes = options.kubernetes;
  }

  async list(resource: DesiredResource): Promise<BackupList> {
    const client = this.#kubernetes.cluster(resource.cluster);
    const { namespace } = resource;
    const [cluster, backups, schedules] = await Promise.all([
      this.#clusterOf(resource),
      client.list({ apiVersion: API_VERSION, kind: 'Backup' }, { namespace }),
      client.list(
        { apiVersion: API_VERSION, kind: 'ScheduledBackup' },
        { namespace },
      ),
    ]);
    const items = backups.items
      .flatMap(object => backupSchema.safeParse(object).data ?? [])
      .filter(({ spec }) => spec.cluster.name === cluster)
      .map(toBackup)
      .sort((left, right) => (beginOf(left) < beginOf(right) ? 1 : -1))
      .slice(0, MOST_BACKUPS);
    const schedule = schedules.items
      .flatMap(object => scheduleSchema.safeParse(object).data ?? [])
      .find(({ spec }) => spec.cluster.name === cluster && !spec.suspend);
    const lastGoodAt = items.find(
      ({ state }) => state === 'completed',
    )?.completedAt;
    return {
      items,
      totalItems: items.length,
      ...(lastGoodAt && { lastGoodAt }),
      ...(schedule && { schedule: schedule.spec.schedule }),
      ...(schedule?.status?.nextScheduleTime && {
        nextAt: schedule.status.nextScheduleTime,
      }),
      ...(schedule?.status?.error && { problem: schedule.status.error }),
    };
  }

  async create(resource: DesiredResource, label: string): Promise<Backup> {
    const client = this.#kubernetes.cluster(resource.cluster);
    const cluster = await this.#clusterOf(resource);
    const { object } = await client.apply(
      {
        apiVersion: API_VERSION,
        kind: 'Backup',
        metadata: {
          name: `${cluster}-${label}`,
          namespace: resource.namespace,
          labels: {
            'cnpg.io/cluster': cluster,
            [REQUEST_LABEL]: resource.requestId,
          },
        },
        spec: {
          cluster: { name: cluster },
          method: 'plugin',
          pluginConfiguration: { name: 'barman-cloud.cloudnative-pg.io' },
        },
      },
      { force: true, fieldManager: FIELD_MANAGER },
    );
    return toBackup(backupSchema.parse(object));
  }

  async #clusterOf(resource: DesiredResource): Promise<string> {
    const { apiVersion, kind, namespace, name } = resource;
    const live = await this.#kubernetes
      .cluster(resource.cluster)
      .find({ apiVersion, kind, namespace, name }, { schema: compositeSchema });
    return live?.status?.clusterName ?? name;
  }
}

function toBackup({ metadata, status }: z.infer<typeof backupSchema>): Backup {
  const phase = status?.phase ?? 'pending';
  // In the words of CloudNativePG; anything else is on its way.
  const isFailed =
    phase === 'failed' ||
    phase === 'walArchivingFailing' ||
    phase === 'invalid backup definition';
  const unfinished = isFailed ? 'failed' : 'running';
  const startedAt = status?.startedAt ?? metadata.creationTimestamp;
  return {
    name: metadata.name,
    state: phase === 'completed' ? 'completed' : unfinished,
    ...(phase === 'completed' && status?.backupId && { id: status.backupId }),
    ...(startedAt && { startedAt }),
    ...(status?.stoppedAt && { completedAt: status.stoppedAt }),
    ...(isFailed && { problem: status?.error ?? phase }),
  };
}

function beginOf({ startedAt, name }: Backup): string {
  return startedAt ?? name;
}
