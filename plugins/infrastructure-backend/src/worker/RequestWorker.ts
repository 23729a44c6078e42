import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { UpstreamError } from '@waystone/integrations';
import type { RequestStatus } from '@waystone/plugin-infrastructure-common';
import type { ConnectionCheck } from '../connection/checkConnection';
import { LostLeaseError } from '../database/DatabaseRequestStore';
import type {
  DatabaseRequestStore,
  RequestChanges,
} from '../database/DatabaseRequestStore';
import type { NewEvent, RequestRow } from '../database/RequestRow';
import { explainRefusal } from '../provisioner/explainRefusal';
import { ForeignObjectError } from '../provisioner/Provisioner';
import type { Observation, Provisioner } from '../provisioner/Provisioner';
import { toDesiredResource } from '../provisioner/toDesiredResource';

/** Who does what nobody does by hand. */
export const PORTAL = 'waystone';

const LEASE_SECONDS = 60;
const CONCURRENCY = 8;
const PROGRESS_SECONDS = 2;
const REST_SECONDS = 60;
const LONGEST_BACKOFF_SECONDS = 60;
const REMIND_MS = 3 * 24 * 60 * 60 * 1000;

/** The cluster would not take the object; trying again cannot help. */
class RefusedError extends Error {}

/** Told of every change of status that the worker makes. */
export type StatusListener = (row: RequestRow, from: RequestStatus) => void;

/** What {@link RequestWorker} works with. */
export interface RequestWorkerOptions {
  readonly store: DatabaseRequestStore;
  readonly provisioner: Provisioner;
  readonly logger: LoggerService;
  readonly onStatus?: StatusListener;
  /** Reads the values of a connection and tries them; undefined: being ready is enough. */
  readonly connection?: {
    readonly read: (
      resource: { cluster: string; namespace: string },
      secret: string,
    ) => Promise<Readonly<Record<string, string>>>;
    readonly check: ConnectionCheck;
  };
  /** Between two looks at the table. @defaultValue 1000 */
  readonly pollMs?: number;
}

/**
 * Brings requests on their way: takes those that are due, one worker each, and goes on from what the table and the
 * cluster say. It keeps nothing in memory, so that another one can go on at any point.
 */
export class RequestWorker {
  readonly #options: RequestWorkerOptions;
  readonly #running = new Set<Promise<void>>();
  #timer?: NodeJS.Timeout;
  #stopped = false;
  #looking?: Promise<void>;
  #again = false;

  constructor(options: RequestWorkerOptions) {
    this.#options = options;
  }

  start(): void {
    this.notify();
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
    await Promise.all(this.#running);
  }

  /** Looks now: there may be something to do. */
  notify(): void {
    if (this.#stopped) {
      return;
    }
    if (this.#looking) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined;
      if (this.#again) {
        this.#again = false;
        this.notify();
      } else if (!this.#stopped) {
        this.#timer = setTimeout(
          () => this.notify(),
          this.#options.pollMs ?? 1000,
        );
      }
    });
  }

  async #look(): Promise<void> {
    const { logger, store } = this.#options;
    try {
      const free = CONCURRENCY - this.#running.size;
      if (free <= 0) {
        return;
      }
      for (const row of await store.claim(free, LEASE_SECONDS)) {
        const work = this.#process(row).finally(() => {
          this.#running.delete(work);
          this.notify();
        });
        this.#running.add(work);
      }
    } catch (error) {
      logger.warn('Cannot look for requests to work on', toError(error));
    }
  }

  async #process(row: RequestRow): Promise<void> {
    const { logger } = this.#options;
    try {
      await this.#advance(row);
    } catch (error) {
      if (error instanceof LostLeaseError) {
        logger.info(error.message);
        return;
      }
      try {
        await this.#recover(row, error);
      } catch (failure) {
        // The lease ends, and then somebody takes it up again.
        logger.warn(
          `Cannot note what happened to the request '${row.id}'`,
          toError(failure),
        );
      }
    }
  }

  async #advance(row: RequestRow): Promise<void> {
    switch (row.status) {
      case 'awaiting-approval':
        await this.#move(row, row.pending ? 'ready' : 'rejected', {
          message: 'Nobody decided in time',
          changes: { pending: null },
          next: row.pending ? 0 : null,
        });
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
    if (row.expires_at && row.expires_at.getTime() <= now) {
      await this.#move(row, 'deleting', {
        message: 'Its time was up',
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
    await store.advance(
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
  }

  async #delete(row: RequestRow): Promise<void> {
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

  /** What cannot help by itself fails; everything else is tried again, later each time. */
  async #recover(row: RequestRow, error: unknown): Promise<void> {
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

function describeOutage(row: RequestRow, error: UpstreamError): string {
  return error.retryable
    ? `The cluster '${row.cluster}' does not answer: ${error.reason}`
    : `The cluster '${row.cluster}' refuses to help: ${error.reason}`;
}

function describeDrift(
  row: RequestRow,
  { state, drift }: Observation,
): string | undefined {
  if (state === 'missing') {
    return `${row.kind} '${row.name}' is no longer in the cluster`;
  }
  if (state === 'deleting') {
    return `Somebody is deleting ${row.kind} '${row.name}' in the cluster`;
  }
  return drift.length > 0
    ? `It was changed in the cluster: ${drift
        .map(({ path }) => path)
        .join(', ')}`
    : undefined;
}

/** The reason, if trying again cannot help. */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof ForeignObjectError) {
    return error.message;
  }
  if (!(error instanceof UpstreamError)) {
    return undefined;
  }
  switch (error.code) {
    case 'denied':
    case 'invalid':
    case 'not-found':
      return explainRefusal(error)
        .map(({ policy, message }) =>
          policy ? `${policy}: ${message}` : message,
        )
        .join('; ');
    default:
      return undefined;
  }
}
