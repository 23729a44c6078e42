import { createHash, randomUUID } from 'node:crypto';
import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import type { Environment, Environments } from '@waystone/environments';
import { createRequestSchema } from '@waystone/plugin-infrastructure-common';
import type {
  ApprovalNeed,
  Cost,
  CreateRequest,
  Preview,
  PreviewRequest,
  UpdateRequest,
  Verdict,
} from '@waystone/plugin-infrastructure-common';
import { findApproval } from '../approvals/findApproval';
import type { InfrastructureConfig } from '../config/InfrastructureConfig';
import { calculateCost } from '../cost/calculateCost';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import type { RequestRow } from '../database/RequestRow';
import type { TeamDirectory } from '../directory/TeamDirectory';
import { validateParameters } from '../offerings/compileSchema';
import { defaultsOf } from '../offerings/OfferingCatalog';
import type {
  CatalogOffering,
  OfferingCatalog,
} from '../offerings/OfferingCatalog';
import { compareFields } from '../provisioner/compareFields';
import type { Provisioner } from '../provisioner/Provisioner';

const DAY_MS = 24 * 60 * 60 * 1000;
const WARNING_SHARE = 0.8;

/** What {@link RequestService} works with. */
export interface RequestServiceOptions {
  readonly store: DatabaseRequestStore;
  readonly offerings: OfferingCatalog;
  readonly environments: Environments;
  readonly provisioner: Provisioner;
  readonly directory: TeamDirectory;
  readonly config: InfrastructureConfig;
  /** Told when there is something for the worker to do. */
  readonly onWork: () => void;
  /** Told of what waits for approval. */
  readonly onAsked?: (row: RequestRow) => void;
}

interface Assessment {
  readonly verdicts: readonly Verdict[];
  readonly offering?: CatalogOffering;
  readonly environment?: Environment;
  readonly namespace?: string;
  readonly cost?: Cost;
  readonly approval: ApprovalNeed;
}

/** The rules of requests: what may be asked for, what it costs, who decides, and what follows. */
export class RequestService {
  readonly #options: RequestServiceOptions;

  constructor(options: RequestServiceOptions) {
    this.#options = options;
  }

  /** What would happen. Nothing does. */
  async preview(body: PreviewRequest, requester: string): Promise<Preview> {
    const { directory, provisioner, store } = this.#options;
    const known = body.requestId ? await store.find(body.requestId) : undefined;
    const { requestId: _id, ...wanted } = body;
    const form = createRequestSchema.safeParse(wanted);
    const assessment = await this.#assess(wanted, known);
    const { approval, cost, environment, namespace, offering } = assessment;
    const verdicts: Verdict[] = [
      ...(form.success
        ? []
        : form.error.issues.map(
            ({ path, message }): Verdict => ({
              severity: 'error',
              source: 'form',
              field: path.join('.'),
              message,
            }),
          )),
      ...assessment.verdicts,
    ];
    let objects: readonly Record<string, unknown>[] = [];
    // A name that is none is in paths of the cluster's API.
    if (form.success && offering && environment && namespace) {
      const plan = await provisioner.plan({
        requestId: known?.id ?? randomUUID(),
        apiVersion: offering.apiVersion,
        kind: offering.kind,
        name: wanted.name,
        cluster: environment.cluster,
        namespace,
        environment: environment.name,
        system: wanted.system,
        owner: wanted.owner,
        requester: known?.requester ?? requester,
        ...(wanted.costCenter && { costCenter: wanted.costCenter }),
        parameters: wanted.parameters,
      });
      objects = plan.objects;
      verdicts.push(...withoutRepeats(plan.verdicts, verdicts));
    }
    return {
      submittable: verdicts.every(({ severity }) => severity !== 'error'),
      objects: [...objects],
      verdicts,
      ...(cost && { cost }),
      approval,
      dependants: known
        ? [...(await directory.dependantsOf(`resource:default/${known.name}`))]
        : [],
      ...(environment && { cluster: environment.cluster }),
      ...(namespace && { namespace }),
      checkedAt: new Date().toISOString(),
    };
  }

  /**
   * Accepts a request. No cluster is asked: it is applied as soon as the cluster answers.
   *
   * @throws InputError with the field that is wrong; ConflictError.
   */
  async create(
    body: CreateRequest,
    options: { readonly requester: string; readonly idempotencyKey: string },
  ): Promise<{ readonly row: RequestRow; readonly created: boolean }> {
    const { requester, idempotencyKey } = options;
    const assessment = await this.#assess(body, undefined);
    const wrong = assessment.verdicts.find(
      ({ severity }) => severity === 'error',
    );
    const { approval, cost, environment, namespace, offering } = assessment;
    if (wrong || !offering || !environment || !namespace) {
      throw new InputError(
        `Invalid request: ${wrong?.field ?? 'offering'}: ${
          wrong?.message ?? 'is not there'
        }`,
      );
    }
    const now = new Date();
    const days = body.timeToLiveDays ?? offering.timeToLiveDays;
    const status = approval.required ? 'awaiting-approval' : 'provisioning';
    const result = await this.#options.store.insert(
      {
        id: randomUUID(),
        requester,
        idempotency_key: idempotencyKey,
        body_hash: createHash('sha256').update(canonical(body)).digest('hex'),
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
        status,
        status_since: now,
        status_reason: approval.required ? approval.reasons.join('. ') : null,
        approvers: approval.approvers,
        monthly_cost: cost?.monthly ?? null,
        currency: cost?.currency ?? null,
        created_at: now,
        expires_at:
          days && !environment.protected
            ? new Date(now.getTime() + days * DAY_MS)
            : null,
        work_at: approval.required ? this.#approvalEnd(now) : now,
      },
      [
        {
          actor: requester,
          type: 'status',
          from: 'draft',
          to: status,
          message: approval.required ? approval.reasons.join('. ') : undefined,
          changes: compareFields({}, body.parameters, 'spec'),
        },
      ],
    );
    this.#options.onWork();
    if (result.created) {
      this.#options.onAsked?.(result.row);
    }
    return result;
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
    const assessment = await this.#assess(wanted, row);
    const wrong = assessment.verdicts.find(
      ({ severity }) => severity === 'error',
    );
    if (wrong) {
      throw new InputError(
        `Invalid change: ${wrong.field ?? 'request'}: ${wrong.message}`,
      );
    }
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
          work_at: this.#approvalEnd(now),
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
    options: { readonly actor: string; readonly confirm: string },
  ): Promise<RequestRow> {
    const { actor, confirm } = options;
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

  #approvalEnd(now: Date): Date {
    return new Date(
      now.getTime() + this.#options.config.approvals.expireAfterDays * DAY_MS,
    );
  }

  #expiry(row: RequestRow, days: number, now: Date): Date {
    if (this.#options.environments.get(row.environment)?.protected) {
      throw new InputError(
        'Invalid timeToLiveDays: nothing ends by itself in a protected environment',
      );
    }
    return new Date(now.getTime() + days * DAY_MS);
  }

  async #assess(
    wanted: Omit<CreateRequest, 'timeToLiveDays'> & { timeToLiveDays?: number },
    known: RequestRow | undefined,
  ): Promise<Assessment> {
    const { config, directory, environments, offerings, store } = this.#options;
    const none = { required: false, reasons: [], approvers: [] };
    const error = (field: string, message: string, fix?: string): Verdict => ({
      severity: 'error',
      source: 'form',
      field,
      message,
      ...(fix && { fix }),
    });
    const offering = offerings.find(wanted.offering);
    if (!offering) {
      return {
        verdicts: [error('offering', 'There is no such offering')],
        approval: none,
      };
    }
    if (offering.state === 'broken') {
      return {
        verdicts: [
          error('offering', `It cannot be requested now: ${offering.problem}`),
        ],
        approval: none,
      };
    }
    const verdicts = validateParameters(offering.schema, wanted.parameters);
    const cost = await this.#cost(offering, wanted, known);
    const environment = environments.get(wanted.environment);
    if (!environment) {
      const names = environments.all.map(({ name }) => name).join(', ');
      verdicts.push(
        error(
          'environment',
          `There is no such environment; there are: ${names}`,
        ),
      );
      return { verdicts, offering, cost, approval: none };
    }
    if (offerings.isIn(offering.id, environment.name) === false) {
      verdicts.push(
        error(
          'environment',
          `${environment.title} does not have ${offering.title}`,
          'Choose another environment',
        ),
      );
    }
    if (environment.protected && wanted.timeToLiveDays !== undefined) {
      verdicts.push(
        error(
          'timeToLiveDays',
          'Nothing ends by itself in a protected environment',
        ),
      );
    }
    if (!(await directory.hasPartIn(wanted.owner, wanted.system))) {
      verdicts.push(
        error(
          'system',
          `${wanted.owner} owns nothing in the system '${wanted.system}'`,
          'Choose a system in which your team owns something',
        ),
      );
    }
    const namespace = environments.namespaceOf(environment, wanted.system);
    const taken =
      known ??
      (await store.findObject({
        cluster: environment.cluster,
        namespace,
        kind: offering.kind,
        name: wanted.name,
      }));
    if (!known && taken && taken.name === wanted.name) {
      verdicts.push({
        severity: 'warning',
        source: 'conflict',
        field: 'name',
        message: `There is a ${offering.kind} '${wanted.name}' in ${namespace} already`,
        fix: 'Choose another name',
      });
    }
    if (cost?.budget && cost.budget.state !== 'ok') {
      const { after, limit, state } = cost.budget;
      verdicts.push({
        severity: 'warning',
        source: 'budget',
        message: `Your team would spend ${after} of ${limit} ${cost.currency} a month`,
        ...(state === 'over' && {
          fix: 'The platform team has to approve it',
        }),
      });
    }
    const leads = await directory.leadsOf(wanted.owner);
    return {
      verdicts,
      offering,
      environment,
      namespace,
      cost,
      approval: findApproval({ offering, environment, cost, leads, config }),
    };
  }

  async #cost(
    offering: CatalogOffering,
    { owner, parameters }: Pick<CreateRequest, 'owner' | 'parameters'>,
    known: RequestRow | undefined,
  ): Promise<Cost | undefined> {
    const { config, store } = this.#options;
    const rule = offering.priceRule
      ? config.prices[offering.priceRule]
      : undefined;
    if (!rule) {
      return undefined;
    }
    const cost = calculateCost(
      rule,
      { ...defaultsOf(offering.schema), ...parameters },
      config.currency,
    );
    const limit = config.budgets.teams[owner] ?? config.budgets.default;
    if (limit === undefined) {
      return cost;
    }
    const used = await store.costOf(owner, known?.id);
    const after = Math.round((used + cost.monthly) * 100) / 100;
    const nearly = after >= limit * WARNING_SHARE ? 'warning' : 'ok';
    return {
      ...cost,
      budget: { limit, used, after, state: after > limit ? 'over' : nearly },
    };
  }
}

/** What two have found out about the same field is said once. */
function withoutRepeats(
  found: readonly Verdict[],
  said: readonly Verdict[],
): Verdict[] {
  const fields = new Set(
    said.filter(({ severity }) => severity === 'error').map(v => v.field),
  );
  return found.filter(
    ({ field, source }) =>
      (source !== 'schema' && source !== 'conflict') ||
      field === undefined ||
      !fields.has(field),
  );
}

/** The same text for the same values, whatever the order of the fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(
          Object.entries(item).sort(([left], [right]) =>
            left < right ? -1 : 1,
          ),
        )
      : item,
  );
}
