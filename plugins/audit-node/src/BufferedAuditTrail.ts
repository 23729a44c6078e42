import { randomUUID } from 'node:crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { AuditRecord, AuditSink } from './AuditRecord';
import type { AuditTrail, AuditTrailStatus } from './AuditTrail';
import { UnstorableRecordError } from './UnstorableRecordError';

/** How many records wait at most. */
const MOST_WAITING = 20_000;

/** How many are stored at once. */
const BATCH = 500;

/** How long the first record waits for others to be stored with. */
const GATHER_MS = 100;

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/**
 * Keeps records in memory until they are stored, and tries again for as long as it takes.
 *
 * @remarks
 * When too many wait, the oldest are given up: first reads, then changes. How many that were is
 * counted, and written as an event of its own as soon as storing works again.
 *
 * @public
 */
export class BufferedAuditTrail implements AuditTrail {
  readonly #logger: LoggerService;
  readonly #mostWaiting: number;
  /** The oldest first. */
  #changes: AuditRecord[] = [];
  #reads: AuditRecord[] = [];
  #batch = BATCH;
  #failures = 0;
  #failingSince: Date | undefined;
  #notStored = 0;
  /** Of those not stored, what no event tells of yet. */
  #untold: { count: number; since: Date } | undefined;
  #sink: AuditSink | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<boolean> | undefined;

  static create(options: {
    readonly logger: LoggerService;
    /** @defaultValue 20,000 */
    readonly mostWaiting?: number;
  }): BufferedAuditTrail {
    return new BufferedAuditTrail(options);
  }

  private constructor(options: {
    readonly logger: LoggerService;
    readonly mostWaiting?: number;
  }) {
    this.#logger = options.logger;
    this.#mostWaiting = options.mostWaiting ?? MOST_WAITING;
  }

  get status(): AuditTrailStatus {
    return {
      waiting: this.#changes.length + this.#reads.length,
      notStored: this.#notStored,
      failingSince: this.#failingSince,
    };
  }

  record(record: AuditRecord): void {
    (record.severity === 'low' ? this.#reads : this.#changes).push(record);
    while (this.status.waiting > this.#mostWaiting) {
      const given = this.#reads.shift() ?? this.#changes.shift();
      this.#giveUp(given!);
    }
    this.#schedule(GATHER_MS);
  }

  connect(sink: AuditSink): void {
    this.#sink = sink;
    this.#schedule(0);
  }

  async flush(options: { readonly timeoutMs: number }): Promise<void> {
    const deadline = Date.now() + options.timeoutMs;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.status.waiting > 0 && this.#sink && Date.now() < deadline) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<boolean>(resolve => {
        timer = setTimeout(() => resolve(false), deadline - Date.now());
      });
      const stored = await Promise.race([this.#write(), late]);
      clearTimeout(timer);
      if (!stored) {
        break;
      }
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(delayMs: number): void {
    if (this.#timer || this.#writing || !this.#sink) {
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#write();
    }, delayMs);
    // Records that wait do not keep a process alive.
    this.#timer.unref();
  }

  /** Stores one batch; false if it could not be stored. */
  #write(): Promise<boolean> {
    this.#writing ??= this.#writeBatch().finally(() => {
      this.#writing = undefined;
      if (this.status.waiting > 0) {
        this.#schedule(
          this.#failures > 0
            ? Math.min(
                FIRST_RETRY_MS * 2 ** (this.#failures - 1),
                LONGEST_RETRY_MS,
              )
            : 0,
        );
      }
    });
    return this.#writing;
  }

  async #writeBatch(): Promise<boolean> {
    const changes = this.#changes.slice(0, this.#batch);
    const reads = this.#reads.slice(0, this.#batch - changes.length);
    const records = [...changes, ...reads];
    if (!this.#sink || records.length === 0) {
      return true;
    }
    try {
      await this.#sink.write(records);
    } catch (error) {
      if (error instanceof UnstorableRecordError) {
        return this.#isolate(records, error);
      }
      this.#failures += 1;
      if (!this.#failingSince) {
        this.#failingSince = new Date();
        this.#logger.error(
          'Audit events cannot be stored. They are in the log, and are stored as soon as it works again',
          error as Error,
        );
      }
      return false;
    }
    this.#remove(new Set(records));
    this.#batch = BATCH;
    this.#failures = 0;
    if (this.#failingSince) {
      this.#failingSince = undefined;
      this.#logger.info('Audit events are stored again');
    }
    this.#tell();
    return true;
  }

  /** Finds the one that cannot be stored: it must not hold up the others. */
  #isolate(records: readonly AuditRecord[], error: Error): boolean {
    if (records.length > 1) {
      this.#batch = Math.ceil(records.length / 2);
      return true;
    }
    const [record] = records;
    this.#logger.error(
      `The audit event ${record.plugin}.${record.eventId} cannot be stored, it is only in the log`,
      error,
    );
    this.#remove(new Set(records));
    this.#giveUp(record);
    this.#batch = BATCH;
    return true;
  }

  /** Others may have been given up in the meantime, so they are not just the first. */
  #remove(stored: ReadonlySet<AuditRecord>): void {
    this.#changes = this.#changes.filter(record => !stored.has(record));
    this.#reads = this.#reads.filter(record => !stored.has(record));
  }

  #giveUp(record: AuditRecord): void {
    this.#notStored += 1;
    this.#untold ??= { count: 0, since: record.occurredAt };
    this.#untold.count += 1;
  }

  #tell(): void {
    const untold = this.#untold;
    if (!untold) {
      return;
    }
    this.#untold = undefined;
    this.record({
      key: randomUUID(),
      action: randomUUID(),
      occurredAt: new Date(),
      plugin: 'audit',
      eventId: 'events-not-stored',
      severity: 'high',
      outcome: 'failed',
      actor: 'plugin:audit',
      actorType: 'service',
      entityRefs: [],
      meta: { count: untold.count, since: untold.since.toISOString() },
    });
  }
}
