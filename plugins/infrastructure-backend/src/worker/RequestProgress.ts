import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { UpstreamError } from '@waystone/integrations';
import type { RequestStatus } from '@waystone/plugin-infrastructure-common';
import type { BackupEngine } from '../backups/BackupEngine';
import type { ConnectionCheck } from '../connection/checkConnection';
import type {
  DatabaseRequestStore,
  RequestChanges,
} from '../database/DatabaseRequestStore';
import type { NewEvent, RequestRow } from '../database/RequestRow';
import type { Observation, Provisioner } from '../provisioner/Provisioner';
import { toDesiredResource } from '../provisioner/toDesiredResource';
import { describeDrift, describeOutage, refusalOf } from './workerWords';

/** Who does what nobody does by hand. */
export const PORTAL = 'waystone';

const PROGRESS_SECONDS = 2;
const REST_SECONDS = 60;
const LONGEST_BACKOFF_SECONDS = 60;
const DAY_MS = 24 * 60 * 60 * 1000;
const REMIND_MS = 3 * DAY_MS;

/** Trying again cannot help. */
class RefusedError extends Error {}

/** Told of every change of status that the worker makes. */
export type StatusListener = (row: RequestRow, from: RequestStatus) => void;

/** What {@link RequestProgress} works with. */
export interface RequestProgressOptions {
  readonly store: DatabaseRequestStore;
  readonly provisioner: Provisioner;
  readonly logger: LoggerService;
  readonly onStatus?: StatusListener;
  /** After which nobody can approve any more. @defaultValue 0 */
  readonly approvalDays?: number;
  /** Told that something ends soon, or waits for a decision for long. */
  readonly onReminded?: (row: RequestRow) => void;
  /** By name. */
  readonly backups?: ReadonlyMap<string, BackupEngine>;
  /** Reads the values of a connection and tries them; undefined: being ready is enough. */
  readonly connection?: {
    readonly read: (
      resource: { cluster: string; namespace: string },
      secret: string,
    ) => Promise<Readonly<Record<string, string>>>;
    readonly check: ConnectionCheck;
  };
}

/** One step of one request that a worker has, from what the table and the cluster say. */
export class RequestProgress {
  readonly #options: RequestProgressOptions;

  constructor(options: RequestProgressOptions) {
    this.#options = options;
  }

  /** Does the next step. */
  async advance(row: RequestRow): Promise<void> {
    switch (row.status) {
      case 'awaiting-approval':
        await this.#awaitDecision(row);
        return;
      case 'provisioning':
      case 'updating':
        await this.#provision(row);
        return;
      case 'ready':
      case 'drifted':
        await this.#watch(row);
        return;
      case 'deleting':
        await this.#delete(row);
        return;
      default:
        await this.#options.store.advance(
          row,
          { work_at: null, lease_until: null },
          {},
        );
    }
  }

  /** Reminds those who may decide at half of the time, and rejects at its end. */
  async #awaitDecision(row: RequestRow): Promise<void> {
    const { approvalDays = 0, onReminded, store } = this.#options;
    const now = Date.now();
    const since = row.status_since.getTime();
    const end = since + approvalDays * DAY_MS;
    if (now >= end) {
      await this.#move(row, row.pending ? 'ready' : 'rejected', {
        message: 'Nobody decided in time',
        changes: { pending: null, approvers: [] },
        next: row.pending ? 0 : null,
      });
      return;
    }
    const half = (since + end) / 2;
    if (now < half) {
      // Something has happened to what is to be changed; that does not matter yet.
      await store.advance(row, {}, { next: (half - now) / 1000 });
      return;
    }
    const isReminded =
      row.reminded_at !== null && row.reminded_at.getTime() >= since;
    const rested = await store.advance(
      row,
      isReminded ? {} : { reminded_at: new Date() },
      {
        events: isReminded
          ? []
          : [
              {
                actor: PORTAL,
                type: 'reminded',
                message: 'Somebody has to decide',
              },
            ],
        next: (end - now) / 1000,
      },
    );
    if (!isReminded) {
      onReminded?.(rested);
    }
  }

  async #provision(claimed: RequestRow): Promise<void> {
    const { provisioner, store } = this.#options;
    let row = claimed;
    const resource = toDesiredResource(row);
    if (row.applied_generation < row.generation) {
      const { changes } = await provisioner.apply(resource).catch(error => {
        const refusal = refusalOf(error);
        throw refusal === undefined ? error : new RefusedError(refusal);
      });
      row = await store.advance(
        row,
        {
          applied_generation: row.generation,
          applied_at: new Date(),
          attempts: 0,
          status_reason: `${row.kind} '${row.name}' was applied`,
        },
        {
          events: [
            {
              actor: PORTAL,
              type: 'applied',
              message: `${row.kind} '${row.name}' in ${row.namespace} of the cluster '${row.cluster}'`,
              changes,
            },
          ],
        },
      );
    }
    const observed = await provisioner.observe(resource);
    if (observed.state === 'missing') {
      // Somebody has deleted it; it is asked for, so it is made again.
      await store.advance(row, { applied_generation: 0 }, { next: 0 });
      return;
    }
    const waitingFor = await this.#findObstacle(row, observed);
    if (waitingFor) {
      await store.advance(
        row,
        row.status_reason === waitingFor && row.attempts === 0
          ? {}
          : { status_reason: waitingFor, attempts: 0 },
        { next: PROGRESS_SECONDS },
      );
      return;
    }
    await this.#move(row, 'ready', {
      changes: { ready_at: row.ready_at ?? new Date() },
      next: REST_SECONDS,
    });
  }

  async #findObstacle(
    row: RequestRow,
    observed: Observation,
  ): Promise<string | undefined> {
    const { connection } = this.#options;
    if (observed.state !== 'ready') {
      return observed.reason ?? `${row.kind} '${row.name}' is not ready yet`;
    }
    if (!row.connection_engine || !connection) {
      return undefined;
    }
    if (!observed.connectionSecret) {
      return `${row.kind} '${row.name}' has no connection yet`;
    }
    const values = await connection.read(row, observed.connectionSecret);
    return connection.check(row.connection_engine, values);
  }

  async #watch(row: RequestRow): Promise<void> {
    const { provisioner, store } = this.#options;
    const now = Date.now();
    if (
      row.expires_at &&
      row.expires_at.getTime() <= now &&
      !row.deletion_protection
    ) {
      await this.#move(row, 'deleting', {
        message: 'Its time was up',
        // Nobody was there to say that the data is of no use any more.
        changes: { final_backup: row.backup_engine !== null },
        next: 0,
      });
      return;
    }
    const observed = await provisioner.observe(toDesiredResource(row));
    const problem = describeDrift(row, observed);
    if (problem && row.status === 'ready') {
      await this.#move(row, 'drifted', {
        message: problem,
        events: observed.drift.length
          ? [{ actor: PORTAL, type: 'changed', changes: observed.drift }]
          : [],
        next: REST_SECONDS,
      });
      return;
    }
    if (!problem && row.status === 'drifted') {
      await this.#move(row, 'ready', { next: REST_SECONDS });
      return;
    }
    const remind =
      row.expires_at &&
      !row.reminded_at &&
      row.expires_at.getTime() - now < REMIND_MS;
    // Being unready for a while is no drift; it is said and goes away.
    const status_reason =
      problem ?? (observed.state === 'ready' ? null : observed.reason ?? null);
    const rested = await store.advance(
      row,
      {
        ...(status_reason !== row.status_reason && { status_reason }),
        ...(row.attempts > 0 && { attempts: 0 }),
        ...(remind && { reminded_at: new Date() }),
      },
      {
        events: remind
          ? [
              {
                actor: PORTAL,
                type: 'reminded',
                message: `It ends at ${row.expires_at!.toISOString()}`,
              },
            ]
          : [],
        next: REST_SECONDS,
      },
    );
    if (remind) {
      this.#options.onReminded?.(rested);
    }
  }

  async #delete(row: RequestRow): Promise<void> {
    if (!(await this.#isSaved(row))) {
      return;
    }
    const isGone = await this.#options.provisioner.delete(
      toDesiredResource(row),
    );
    if (isGone) {
      await this.#move(row, 'deleted', {
        changes: { work_at: null, lease_until: null },
      });
      return;
    }
    await this.#options.store.advance(
      row,
      { status_reason: 'The cluster is deleting it', attempts: 0 },
      { next: PROGRESS_SECONDS },
    );
  }

  /** Whether the last backup, if there is to be one, is made. */
  async #isSaved(row: RequestRow): Promise<boolean> {
    const { backups, provisioner, store } = this.#options;
    const engine = backups?.get(row.backup_engine ?? '');
    if (!row.final_backup || !engine) {
      return true;
    }
    const resource = toDesiredResource(row);
    const { state } = await provisioner.observe(resource);
    if (state === 'missing' || state === 'deleting') {
      return true;
    }
    const backup = await engine.create(resource, `final-${row.id.slice(0, 8)}`);
    if (backup.state === 'failed') {
      throw new RefusedError(
        `The last backup '${backup.name}' failed, so it is not deleted: ${
          backup.problem ?? 'the operator says no more'
        }`,
      );
    }
    if (backup.state === 'running') {
      await store.advance(
        row,
        {
          status_reason: `The last backup '${backup.name}' is being made`,
          attempts: 0,
        },
        { next: PROGRESS_SECONDS },
      );
      return false;
    }
    await store.record(row.id, {
      actor: PORTAL,
      type: 'backed-up',
      message: backup.name,
    });
    return true;
  }

  /** What cannot help by itself fails; everything else is tried again, later each time. */
  async recover(row: RequestRow, error: unknown): Promise<void> {
    const { logger, store } = this.#options;
    if (error instanceof RefusedError) {
      await this.#move(row, 'failed', {
        message: error.message,
        changes: { attempts: 0, work_at: null, lease_until: null },
      });
      return;
    }
    const attempts = row.attempts + 1;
    const backoff = Math.min(
      LONGEST_BACKOFF_SECONDS,
      2 ** Math.min(attempts, 6),
    );
    const reason =
      error instanceof UpstreamError
        ? describeOutage(row, error)
        : `The portal could not go on with it`;
    if (!(error instanceof UpstreamError)) {
      logger.error(`Request '${row.id}' failed`, toError(error));
    }
    await store.advance(
      row,
      { attempts, status_reason: reason },
      {
        events:
          attempts === 1
            ? [{ actor: PORTAL, type: 'queued', message: reason }]
            : [],
        // Not all at the same time once the cluster is back.
        next: backoff * (0.5 + Math.random() / 2),
      },
    );
  }

  async #move(
    row: RequestRow,
    to: RequestStatus,
    options: {
      readonly message?: string;
      readonly changes?: RequestChanges;
      readonly events?: readonly NewEvent[];
      readonly next?: number | null;
    },
  ): Promise<void> {
    const { message, changes, events = [], next } = options;
    const moved = await this.#options.store.advance(
      row,
      {
        ...(next === null && { work_at: null, lease_until: null }),
        attempts: 0,
        ...changes,
        status: to,
        status_since: new Date(),
        status_reason: message ?? null,
      },
      {
        events: [
          ...events,
          { actor: PORTAL, type: 'status', from: row.status, to, message },
        ],
        next: next === null ? undefined : next,
      },
    );
    this.#options.onStatus?.(moved, row.status);
  }
}
