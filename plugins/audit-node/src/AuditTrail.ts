import type { AuditRecord, AuditSink } from './AuditRecord';

/**
 * How the way to the table is.
 *
 * @public
 */
export interface AuditTrailStatus {
  /** Records that wait to be stored. */
  readonly waiting: number;
  /** Records that were given up since the start; the log has them. */
  readonly notStored: number;
  /** Since when storing fails; absent while it works. */
  readonly failingSince?: Date;
}

/**
 * Takes audit records at once and stores them when it can.
 *
 * @public
 */
export interface AuditTrail {
  readonly status: AuditTrailStatus;

  /** Never fails and never waits. */
  record(record: AuditRecord): void;

  /** Says where records are stored. Until then they wait. */
  connect(sink: AuditSink): void;

  /** Stores what waits, as far as it can be done in time; for when the backend stops. */
  flush(options: { readonly timeoutMs: number }): Promise<void>;
}
