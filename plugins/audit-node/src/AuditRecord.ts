import type { JsonObject } from '@backstage/types';
import type {
  AuditActorType,
  AuditOutcome,
  AuditSeverity,
} from '@waystone/plugin-audit-common';

/**
 * An audit event on its way to the table, free of secrets.
 *
 * @public
 */
export interface AuditRecord {
  /** Its own: who stores it twice finds it there. */
  readonly key: string;
  /** Shared by the start and the end of one action. */
  readonly action: string;
  readonly occurredAt: Date;
  readonly plugin: string;
  readonly eventId: string;
  readonly severity: AuditSeverity;
  readonly outcome: AuditOutcome;
  readonly actor?: string;
  readonly actorType: AuditActorType;
  readonly ip?: string;
  readonly userAgent?: string;
  readonly method?: string;
  readonly url?: string;
  readonly requestId?: string;
  readonly entityRefs: readonly string[];
  readonly meta?: JsonObject;
  readonly error?: { readonly name: string; readonly message: string };
}

/**
 * Where records are stored.
 *
 * @public
 */
export interface AuditSink {
  /**
   * Stores all or none. A record that is there already is left alone.
   *
   * @throws UnstorableRecordError if trying again would not help.
   */
  write(records: readonly AuditRecord[]): Promise<void>;
}
