import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import type { Environments } from '@waystone/environments';
import type {
  CreateRequest,
  UpdateRequest,
} from '@waystone/plugin-infrastructure-common';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import type { RequestRow } from '../database/RequestRow';
import { compareFields } from '../provisioner/compareFields';
import type { Provisioner } from '../provisioner/Provisioner';
import { toDesiredResource } from '../provisioner/toDesiredResource';
import { askCluster, refuseWrong } from './askCluster';
import type { RequestAssessor } from './RequestAssessor';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What {@link RequestService} works with. */
export interface RequestServiceOptions {
  readonly store: DatabaseRequestStore;
  readonly assessor: RequestAssessor;
  readonly environments: Environments;
  readonly provisioner: Provisioner;
  /** Days after which nobody can approve any more. */
  readonly approvalDays: number;
  /** Told when there is something for the worker to do. */
  readonly onWork: () => void;
  /** Told of what waits for approval. */
  readonly onAsked?: (row: RequestRow) => void;
}

/** What can be done with requests that were accepted, and what follows. */
export class RequestService {
  readonly #options: RequestServiceOptions;

  constructor(options: RequestServiceOptions) {
    this.#options = options;
  }

  /**
   * Changes a resource, or asks for approval of the change.
   *
   * @throws InputError, ConflictError
   */
  async update(
    row: RequestRow,
    body: UpdateRequest,
    actor: string,
  ): Promise<RequestRow> {
    const { store, onWork } = this.#options;
    const based = { id: row.id, version: body.version };
    const { parameters, costCenter } = body;
    const now = new Date();
    const changes = {
      ...(body.deletionProtection !== undefined && {
        deletion_protection: body.deletionProtection,
      }),
      ...(body.timeToLiveDays !== undefined && {
        expires_at: this.#expiry(row, body.timeToLiveDays, now),
        reminded_at: null,
      }),
    };
    const kept =
      body.timeToLiveDays === undefined
        ? []
        : [
            {
              actor,
              type: 'extended' as const,
              message: `Ends in ${body.timeToLiveDays} days`,
            },
          ];
    if (parameters === undefined && costCenter === undefined) {
      return store.change(
        based,
        changes,
        kept.length > 0 ? kept : [{ actor, type: 'changed' }],
      );
    }
    if (!['ready', 'drifted', 'failed'].includes(row.status)) {
      throw new ConflictError(
        `It is ${row.status}; it can be changed when it is ready`,
      );
    }
    const wanted: CreateRequest = {
      offering: row.offering,
      name: row.name,
      environment: row.environment,
      system: row.system,
      owner: row.owner,
      parameters: parameters ?? row.parameters,
      costCenter: costCenter ?? row.cost_center ?? undefined,
    };
    const assessment = await this.#options.assessor.assess(wanted, row);
    refuseWrong(assessment.verdicts);
    await askCluster(this.#options.provisioner, {
      ...toDesiredResource(row),
      parameters: wanted.parameters,
      costCenter: wanted.costCenter,
    });
    const { approval, cost } = assessment;
    const diff = compareFields(row.parameters, wanted.parameters, 'spec');
    if (approval.required) {
      const changed = await store.change(
        based,
        {
          ...changes,
          pending: {
            parameters: wanted.parameters,
            costCenter: wanted.costCenter,
            monthlyCost: cost?.monthly,
            requestedBy: actor,
          },
          status: 'awaiting-approval',
          status_since: now,
          status_reason: approval.reasons.join('. '),
          approvers: approval.approvers,
          reason: body.reason ?? row.reason,
          work_at: this.#reminderAt(now),
        },
        [
          ...kept,
          {
            actor,
            type: 'status',
            from: row.status,
            to: 'awaiting-approval',
            message: approval.reasons.join('. '),
            changes: diff,
          },
        ],
      );
      this.#options.onAsked?.(changed);
      return changed;
    }
    const to = row.ready_at ? 'updating' : 'provisioning';
    const changed = await store.change(
      based,
      {
        ...changes,
        parameters: wanted.parameters,
        cost_center: wanted.costCenter ?? null,
        monthly_cost: cost?.monthly ?? null,
        generation: row.generation + 1,
        status: to,
        status_since: now,
        status_reason: null,
        attempts: 0,
        work_at: now,
      },
      [...kept, { actor, type: 'status', from: row.status, to, changes: diff }],
    );
    onWork();
    return changed;
  }

  /**
   * Approves or rejects.
   *
   * @throws NotAllowedError for one's own request; ConflictError if it does not wait.
   */
  async decide(
    row: RequestRow,
    decision: 'approve' | 'reject',
    options: { readonly actor: string; readonly comment?: string },
  ): Promise<RequestRow> {
    const { store, onWork } = this.#options;
    const { actor, comment } = options;
    if (row.status !== 'awaiting-approval') {
      throw new ConflictError(
        `It does not wait for approval: it is ${row.status}`,
      );
    }
    const { pending } = row;
    if ((pending?.requestedBy ?? row.requester) === actor) {
      throw new NotAllowedError(
        'Somebody else has to decide on what you asked for',
      );
    }
    const now = new Date();
    const isApproved = decision === 'approve';
    const rejectedTo = pending ? 'ready' : 'rejected';
    const approvedTo = pending ? 'updating' : 'provisioning';
    const to = isApproved ? approvedTo : rejectedTo;
    const changed = await store.change(
      row,
      {
        ...(isApproved &&
          pending && {
            parameters: pending.parameters,
            cost_center: pending.costCenter ?? null,
            monthly_cost: pending.monthlyCost ?? null,
            generation: row.generation + 1,
          }),
        pending: null,
        approvers: [],
        status: to,
        status_since: now,
        status_reason: isApproved ? null : comment ?? null,
        attempts: 0,
        work_at: to === 'rejected' ? null : now,
      },
      [
        {
          actor,
          type: isApproved ? 'approved' : 'rejected',
          from: row.status,
          to,
          message: comment,
        },
      ],
    );
    onWork();
    return changed;
  }

  /** @throws ConflictError if it has not failed. */
  async retry(row: RequestRow, actor: string): Promise<RequestRow> {
    if (row.status !== 'failed' && row.attempts === 0) {
      throw new ConflictError(
        `There is nothing to repeat: it is ${row.status}`,
      );
    }
    const now = new Date();
    const retried = row.ready_at ? 'updating' : 'provisioning';
    const to = row.status === 'failed' ? retried : row.status;
    const changed = await this.#options.store.change(
      row,
      {
        status: to,
        ...(to !== row.status && { status_since: now, status_reason: null }),
        attempts: 0,
        work_at: now,
      },
      [{ actor, type: 'status', from: row.status, to, message: 'Again' }],
    );
    this.#options.onWork();
    return changed;
  }

  /**
   * Deletes the resource with its data.
   *
   * @param confirm - its name, typed by whoever deletes it
   * @throws InputError, ConflictError
   */
  async delete(
    row: RequestRow,
    options: {
      readonly actor: string;
      readonly confirm: string;
      readonly finalBackup?: boolean;
    },
  ): Promise<RequestRow> {
    const { actor, confirm, finalBackup = false } = options;
    if (confirm !== row.name) {
      throw new InputError(
        `Invalid confirm: it is not the name of what is to be deleted`,
      );
    }
    if (row.deletion_protection) {
      throw new ConflictError(
        'It is protected from deletion; take the protection away first',
      );
    }
    if (['deleting', 'deleted', 'rejected'].includes(row.status)) {
      throw new ConflictError(`It is ${row.status} already`);
    }
    if (finalBackup && !row.backup_engine) {
      throw new InputError('Invalid finalBackup: there are no backups of it');
    }
    const now = new Date();
    const neverMade = row.status === 'awaiting-approval' && !row.pending;
    const to = neverMade ? 'rejected' : 'deleting';
    const changed = await this.#options.store.change(
      row,
      {
        status: to,
        status_since: now,
        status_reason: neverMade ? 'Withdrawn' : null,
        pending: null,
        approvers: [],
        attempts: 0,
        final_backup: finalBackup && row.ready_at !== null,
        work_at: neverMade ? null : now,
      },
      [
        {
          actor,
          type: 'status',
          from: row.status,
          to,
          message: neverMade ? 'Withdrawn' : undefined,
        },
      ],
    );
    this.#options.onWork();
    return changed;
  }

  /** When those who may decide are reminded. */
  #reminderAt(now: Date): Date {
    return new Date(now.getTime() + (this.#options.approvalDays * DAY_MS) / 2);
  }

  #expiry(row: RequestRow, days: number, now: Date): Date {
    if (this.#options.environments.get(row.environment)?.protected) {
      throw new InputError(
        'Invalid timeToLiveDays: nothing ends by itself in a protected environment',
      );
    }
    return new Date(now.getTime() + days * DAY_MS);
  }
}
