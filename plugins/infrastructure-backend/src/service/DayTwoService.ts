import { ConflictError, NotFoundError } from '@backstage/errors';
import type {
  Backup,
  BackupList,
  Consumers,
  DeletionPreview,
} from '@waystone/plugin-infrastructure-common';
import type { BackupEngine } from '../backups/BackupEngine';
import type { ConnectionReader } from '../connection/ConnectionReader';
import type { ConsumerFinder } from '../connection/ConsumerFinder';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import { entityNameOf } from '../database/RequestRow';
import type { RequestRow } from '../database/RequestRow';
import type { TeamDirectory } from '../directory/TeamDirectory';
import type { OfferingCatalog } from '../offerings/OfferingCatalog';
import type { Provisioner } from '../provisioner/Provisioner';
import { toDesiredResource } from '../provisioner/toDesiredResource';

/** What {@link DayTwoService} works with. */
export interface DayTwoServiceOptions {
  /** By name. */
  readonly backups: ReadonlyMap<string, BackupEngine>;
  readonly connections: ConnectionReader;
  readonly consumers: ConsumerFinder;
  readonly directory: TeamDirectory;
  readonly offerings: OfferingCatalog;
  readonly provisioner: Provisioner;
  readonly store: DatabaseRequestStore;
}

/** What is done with a resource once it is there: backups, new credentials, and what deleting it would do. */
export class DayTwoService {
  readonly #options: DayTwoServiceOptions;

  constructor(options: DayTwoServiceOptions) {
    this.#options = options;
  }

  /** Whether backups of it can be made now. */
  canBackUp(row: RequestRow): boolean {
    return row.ready_at !== null && isThere(row) && this.#hasBackups(row);
  }

  /** Whether it can get new credentials now. */
  canRotate(row: RequestRow): boolean {
    return (
      row.status === 'ready' &&
      this.#options.offerings.find(row.offering)?.rotation === true
    );
  }

  /** @throws NotFoundError if there are none of its kind. */
  async listBackups(row: RequestRow): Promise<BackupList> {
    return this.#engineOf(row).list(toDesiredResource(row));
  }

  /**
   * Begins a backup now.
   *
   * @throws ConflictError if it is not there; NotFoundError if there are none of its kind.
   */
  async backUp(row: RequestRow, actor: string): Promise<Backup> {
    const engine = this.#engineOf(row);
    if (!this.canBackUp(row)) {
      throw new ConflictError(
        `It is ${row.status}; it can be backed up when it is ready`,
      );
    }
    const time = new Date().toISOString().replace(/[-:TZ]|\.\d+/g, '');
    const backup = await engine.create(toDesiredResource(row), time);
    await this.#options.store.record(row.id, {
      actor,
      type: 'backed-up',
      message: backup.name,
    });
    return backup;
  }

  /** What reads its connection. */
  async findConsumers(row: RequestRow): Promise<Consumers> {
    const { connections, consumers, directory } = this.#options;
    const dependants = new Set([
      ...(row.component ? [row.component] : []),
      ...(await directory.dependantsOf(
        `resource:default/${entityNameOf(row)}`,
      )),
    ]);
    const secret = await connections
      .secretOf(toDesiredResource(row))
      .catch(error => {
        if ((error as Error).name === 'NotFoundError') {
          return undefined;
        }
        throw error;
      });
    const found = secret
      ? await consumers.find({
          cluster: row.cluster,
          namespace: row.namespace,
          secret,
        })
      : { workloads: [] };
    return { dependants: [...dependants], ...found };
  }

  /**
   * Gives it new credentials.
   *
   * @throws ConflictError if that cannot be done now.
   */
  async rotate(row: RequestRow, actor: string): Promise<void> {
    if (!this.canRotate(row)) {
      throw new ConflictError(
        row.status === 'ready'
          ? 'It cannot get new credentials'
          : `It is ${row.status}; it can get new credentials when it is ready`,
      );
    }
    const secret = await this.#options.connections.rotate(
      toDesiredResource(row),
    );
    await this.#options.store.record(row.id, {
      actor,
      type: 'rotated',
      message: secret,
    });
  }

  /** What deleting it would do. */
  async previewDeletion(row: RequestRow): Promise<DeletionPreview> {
    const [consumers, live, backups] = await Promise.all([
      this.findConsumers(row),
      this.#options.provisioner.describe(toDesiredResource(row)),
      this.canBackUp(row) ? this.listBackups(row) : undefined,
    ]);
    return {
      ...consumers,
      objects: live.objects.map(({ kind, name }) => ({ kind, name })),
      isProtected: row.deletion_protection,
      canBackUp: backups !== undefined,
      ...(backups?.lastGoodAt && { lastGoodBackupAt: backups.lastGoodAt }),
    };
  }

  #hasBackups(row: RequestRow): boolean {
    return (
      row.backup_engine !== null && this.#options.backups.has(row.backup_engine)
    );
  }

  #engineOf(row: RequestRow): BackupEngine {
    const engine = this.#options.backups.get(row.backup_engine ?? '');
    if (!engine) {
      throw new NotFoundError('There are no backups of it');
    }
    return engine;
  }
}

function isThere({ status }: RequestRow): boolean {
  return ['ready', 'updating', 'drifted', 'awaiting-approval'].includes(status);
}
