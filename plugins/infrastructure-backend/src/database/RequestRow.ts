import type {
  Draft,
  FieldChange,
  InfrastructureRequest,
  RequestEvent,
  RequestStatus,
} from '@waystone/plugin-infrastructure-common';

/** A change of a resource that waits for approval. */
export interface PendingChange {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly costCenter?: string;
  readonly monthlyCost?: number;
  readonly requestedBy: string;
}

/** A row of the table `requests`. */
export interface RequestRow {
  readonly id: string;
  readonly version: number;
  readonly requester: string;
  readonly idempotency_key: string;
  readonly body_hash: string;
  readonly offering: string;
  readonly offering_title: string;
  readonly api_version: string;
  readonly kind: string;
  readonly name: string;
  readonly environment: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly system: string;
  readonly owner: string;
  readonly component: string | null;
  readonly cost_center: string | null;
  readonly connection_engine: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly pending: PendingChange | null;
  readonly reason: string | null;
  readonly deletion_protection: boolean;
  readonly status: RequestStatus;
  readonly status_since: Date;
  readonly status_reason: string | null;
  readonly approvers: readonly string[];
  readonly monthly_cost: number | null;
  readonly currency: string | null;
  readonly created_at: Date;
  readonly ready_at: Date | null;
  readonly expires_at: Date | null;
  readonly reminded_at: Date | null;
  /** Counts what was asked for; what the cluster has is `applied_generation`. */
  readonly generation: number;
  readonly applied_generation: number;
  readonly applied_at: Date | null;
  readonly attempts: number;
  /** When a worker looks at it; null if there is nothing to do. */
  readonly work_at: Date | null;
  readonly lease_until: Date | null;
  /** Counts the workers that had it; only the last may write. A bigint, which comes as text. */
  readonly fence: string;
  /** Counts what has happened in the cluster, so that nothing is missed while a worker has it. */
  readonly wakes: number;
  /** What the catalog calls it. */
  readonly entity_name: string | null;
  /** What makes its backups. */
  readonly backup_engine: string | null;
  /** Whether a last backup is made before it is deleted. */
  readonly final_backup: boolean;
  /** Of the object that was there before it was managed here. */
  readonly adopted_uid: string | null;
  /** What was written so far; null once it was submitted. Only its author and the team may see it. */
  readonly draft: Draft | null;
}

/** What a new row needs; the rest has defaults. */
export type NewRequestRow = Omit<
  RequestRow,
  | 'version'
  | 'pending'
  | 'ready_at'
  | 'reminded_at'
  | 'generation'
  | 'applied_generation'
  | 'applied_at'
  | 'attempts'
  | 'lease_until'
  | 'fence'
  | 'wakes'
  | 'final_backup'
  | 'draft'
> & { readonly draft?: Draft };

/** An event before it is stored. */
export interface NewEvent {
  readonly actor: string;
  readonly type: RequestEvent['type'];
  readonly from?: RequestStatus;
  readonly to?: RequestStatus;
  readonly message?: string;
  readonly changes?: readonly FieldChange[];
}

/** The request as the API shows it: never the key or the hash. */
export function toRequest(row: RequestRow): InfrastructureRequest {
  return {
    id: row.id,
    version: row.version,
    offering: row.offering,
    offeringTitle: row.offering_title,
    kind: row.kind,
    name: row.name,
    environment: row.environment,
    cluster: row.cluster,
    namespace: row.namespace,
    system: row.system,
    owner: row.owner,
    requester: row.requester,
    ...(row.component && { component: row.component }),
    ...(row.cost_center && { costCenter: row.cost_center }),
    parameters: row.parameters,
    status: row.status,
    statusSince: row.status_since.toISOString(),
    ...(row.status_reason && { statusReason: row.status_reason }),
    ...(row.attempts > 0 &&
      row.work_at && {
        retry: { attempts: row.attempts, nextAt: row.work_at.toISOString() },
      }),
    ...(row.monthly_cost !== null &&
      row.currency && {
        monthlyCost: { amount: row.monthly_cost, currency: row.currency },
      }),
    approvers: [...row.approvers],
    ...(row.reason && { reason: row.reason }),
    deletionProtection: row.deletion_protection,
    entityRef: `resource:default/${entityNameOf(row)}`,
    hasBackups: row.backup_engine !== null,
    createdAt: row.created_at.toISOString(),
    ...(row.ready_at && { readyAt: row.ready_at.toISOString() }),
    ...(row.expires_at && { expiresAt: row.expires_at.toISOString() }),
  };
}

/** What the catalog calls it: names are taken once in an environment, as a rule. */
export function entityNameOf(
  row: Pick<RequestRow, 'name' | 'environment' | 'entity_name'>,
): string {
  return row.entity_name ?? `${row.name}-${row.environment}`;
}
