import { randomUUID } from 'node:crypto';
import { InputError, NotAllowedError } from '@backstage/errors';
import type { Environments } from '@waystone/environments';
import type {
  AdoptRequest,
  CreateRequest,
} from '@waystone/plugin-infrastructure-common';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import { entityNameOf } from '../database/RequestRow';
import type {
  NewEvent,
  NewRequestRow,
  RequestRow,
} from '../database/RequestRow';
import type { ResourceDiscovery } from '../discovery/ResourceDiscovery';
import { compareFields } from '../provisioner/compareFields';
import type { Provisioner } from '../provisioner/Provisioner';
import { toDesiredResource } from '../provisioner/toDesiredResource';
import { askCluster, refuseWrong } from './askCluster';
import { hashBody } from './hashBody';
import type { RecentPlans } from './RecentPlans';
import type { Assessment, RequestAssessor } from './RequestAssessor';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What {@link RequestCreator} works with. */
export interface RequestCreatorOptions {
  readonly assessor: RequestAssessor;
  readonly discovery: ResourceDiscovery;
  readonly environments: Environments;
  readonly provisioner: Provisioner;
  /** What previews found out a moment ago. */
  readonly recent: RecentPlans;
  readonly store: DatabaseRequestStore;
  /** Days after which nobody can approve any more. */
  readonly approvalDays: number;
  /** Told when there is something for the worker to do. */
  readonly onWork: () => void;
  /** Told of what waits for approval. */
  readonly onAsked?: (row: RequestRow) => void;
}

/** Who asks, and the key by which the same call is known again. */
export interface Caller {
  readonly requester: string;
  readonly idempotencyKey: string;
}

/** Accepts requests, and takes over what is there already. */
export class RequestCreator {
  readonly #options: RequestCreatorOptions;

  constructor(options: RequestCreatorOptions) {
    this.#options = options;
  }

  /**
   * Accepts a request. What the cluster refuses is refused; while it does not answer, requests are accepted and wait.
   *
   * @throws InputError with the field that is wrong; ConflictError.
   */
  async create(
    body: CreateRequest,
    caller: Caller,
  ): Promise<{ readonly row: RequestRow; readonly created: boolean }> {
    const { store } = this.#options;
    const known = await store.findAccepted(keyOf(body, caller));
    if (known) {
      return { row: known, created: false };
    }
    const { row, events } = await this.prepare(body, caller);
    const result = await store.insert(row, events);
    this.#options.onWork();
    if (result.created) {
      this.#options.onAsked?.(result.row);
    }
    return result;
  }

  /**
   * What would be stored for a request. The portal and the cluster have judged it.
   *
   * @throws InputError with the field that is wrong; ConflictError.
   */
  async prepare(
    body: CreateRequest,
    caller: Caller,
  ): Promise<{
    readonly row: NewRequestRow;
    readonly events: readonly NewEvent[];
  }> {
    const { assessor, provisioner, recent } = this.#options;
    const assessment = await assessor.assess(body, undefined);
    const { approval, environment, offering } = assessment;
    const row = await this.#toRow(body, caller, assessment);
    const resource = toDesiredResource(row);
    if (!recent.takeAccepted(resource)) {
      await askCluster(provisioner, resource);
    }
    const days = body.timeToLiveDays ?? offering?.timeToLiveDays;
    return {
      row: {
        ...row,
        expires_at:
          days && !environment?.protected
            ? new Date(row.created_at.getTime() + days * DAY_MS)
            : null,
      },
      events: [
        {
          actor: caller.requester,
          type: 'status',
          from: 'draft',
          to: row.status,
          message: approval.required ? approval.reasons.join('. ') : undefined,
          changes: compareFields({}, body.parameters, 'spec'),
        },
      ],
    };
  }

  /**
   * Takes over a resource that was made with something else. It goes on as it is; from now on it is managed here.
   *
   * @throws InputError, NotAllowedError, NotFoundError, ConflictError
   */
  async adopt(
    body: AdoptRequest,
    caller: Caller,
  ): Promise<{ readonly row: RequestRow; readonly created: boolean }> {
    const { assessor, discovery, environments, provisioner, store } =
      this.#options;
    const key = keyOf(body, caller);
    const known = await store.findAccepted(key);
    if (known) {
      return { row: known, created: false };
    }
    const found = await discovery.find(body);
    const { owner } = found.discovered;
    if (owner && owner !== body.owner.slice(body.owner.indexOf('/') + 1)) {
      throw new NotAllowedError(
        `Its label says that it belongs to '${owner}'; ask them to take it over`,
      );
    }
    const place = environments.find(body.cluster, body.namespace);
    const system = place?.system ?? body.system;
    if (!place || !system) {
      throw new InputError(
        place
          ? 'Invalid request: system: its namespace does not tell; say which one'
          : `Invalid request: namespace: ${body.namespace} belongs to no environment`,
      );
    }
    const wanted: CreateRequest = {
      offering: body.offering,
      name: found.discovered.name,
      environment: place.environment.name,
      system,
      owner: body.owner,
      parameters: { ...found.parameters },
      ...(body.component && { component: body.component }),
      ...(body.costCenter && { costCenter: body.costCenter }),
    };
    const assessment = await assessor.assess(wanted, undefined);
    const row = {
      ...(await this.#toRow(wanted, caller, {
        ...assessment,
        // It is there and paid for: nobody decides whether it may be.
        approval: { required: false, reasons: [], approvers: [] },
      })),
      body_hash: key.body_hash,
      adopted_uid: found.uid,
      deletion_protection: true,
    };
    await askCluster(provisioner, toDesiredResource(row));
    const result = await store.insert(row, [
      {
        actor: caller.requester,
        type: 'adopted',
        from: 'draft',
        to: row.status,
        message: found.discovered.madeWith,
      },
    ]);
    this.#options.onWork();
    return result;
  }

  async #toRow(
    body: CreateRequest,
    { idempotencyKey, requester }: Caller,
    assessment: Assessment,
  ): Promise<NewRequestRow> {
    refuseWrong(assessment.verdicts);
    const { approval, cost, environment, namespace, offering } = assessment;
    if (!offering || !environment || !namespace) {
      throw new InputError('Invalid request: offering: is not there');
    }
    const id = randomUUID();
    const now = new Date();
    const plain = entityNameOf({
      name: body.name,
      environment: environment.name,
      entity_name: null,
    });
    const isTaken = await this.#options.store.hasEntityName(plain);
    return {
      id,
      requester,
      idempotency_key: idempotencyKey,
      body_hash: hashBody(body),
      offering: offering.id,
      offering_title: offering.title,
      api_version: offering.apiVersion,
      kind: offering.kind,
      name: body.name,
      environment: environment.name,
      cluster: environment.cluster,
      namespace,
      system: body.system,
      owner: body.owner,
      component: body.component ?? null,
      cost_center: body.costCenter ?? null,
      connection_engine: offering.connection ?? null,
      parameters: body.parameters,
      reason: body.reason ?? null,
      deletion_protection: body.deletionProtection ?? environment.protected,
      status: approval.required ? 'awaiting-approval' : 'provisioning',
      status_since: now,
      status_reason: approval.required ? approval.reasons.join('. ') : null,
      approvers: approval.approvers,
      monthly_cost: cost?.monthly ?? null,
      currency: cost?.currency ?? null,
      created_at: now,
      expires_at: null,
      work_at: approval.required
        ? // When those who may decide are reminded.
          new Date(now.getTime() + (this.#options.approvalDays * DAY_MS) / 2)
        : now,
      // Another system may have something of the same name.
      entity_name: isTaken
        ? `${plain.slice(0, 54)}-${id.slice(0, 8)}`
        : plain.slice(0, 63),
      backup_engine: offering.backupEngine ?? null,
      adopted_uid: null,
    };
  }
}

function keyOf(body: unknown, { idempotencyKey, requester }: Caller) {
  return {
    requester,
    idempotency_key: idempotencyKey,
    body_hash: hashBody(body),
  };
}
