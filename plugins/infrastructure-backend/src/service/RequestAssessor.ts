import type { Environment, Environments } from '@waystone/environments';
import type {
  ApprovalNeed,
  Cost,
  CreateRequest,
  Verdict,
} from '@waystone/plugin-infrastructure-common';
import { findApproval } from '../approvals/findApproval';
import type { InfrastructureConfig } from '../config/InfrastructureConfig';
import { calculateCost, readField } from '../cost/calculateCost';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import type { RequestRow } from '../database/RequestRow';
import type { TeamDirectory } from '../directory/TeamDirectory';
import { validateParameters } from '../offerings/compileSchema';
import { defaultsOf } from '../offerings/OfferingCatalog';
import type {
  CatalogOffering,
  OfferingCatalog,
} from '../offerings/OfferingCatalog';

const WARNING_SHARE = 0.8;

/** What {@link RequestAssessor} works with. */
export interface RequestAssessorOptions {
  readonly store: DatabaseRequestStore;
  readonly offerings: OfferingCatalog;
  readonly environments: Environments;
  readonly directory: TeamDirectory;
  readonly config: InfrastructureConfig;
}

/** What the portal itself says of a request, without asking a cluster. */
export interface Assessment {
  readonly verdicts: readonly Verdict[];
  readonly offering?: CatalogOffering;
  readonly environment?: Environment;
  readonly namespace?: string;
  readonly cost?: Cost;
  readonly approval: ApprovalNeed;
}

/** Judges requests: whether they may be asked for, what they cost, who decides. */
export class RequestAssessor {
  readonly #options: RequestAssessorOptions;

  constructor(options: RequestAssessorOptions) {
    this.#options = options;
  }

  /** @param known - The request that is to be changed; undefined for a new one. */
  async assess(
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
    const environment = environments.get(wanted.environment);
    const namespace =
      environment && environments.namespaceOf(environment, wanted.system);
    const [cost, leads, hasPart, taken] = await Promise.all([
      this.#cost(offering, wanted, known),
      directory.leadsOf(wanted.owner),
      directory.hasPartIn(wanted.owner, wanted.system),
      known || !environment || !namespace
        ? undefined
        : store.findObject({
            cluster: environment.cluster,
            namespace,
            kind: offering.kind,
            name: wanted.name,
          }),
    ]);
    if (!environment || !namespace) {
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
    if (!hasPart) {
      verdicts.push(
        error(
          'system',
          `${wanted.owner} owns nothing in the system '${wanted.system}'`,
          'Choose a system in which your team owns something',
        ),
      );
    }
    if (taken) {
      verdicts.push({
        severity: 'warning',
        source: 'conflict',
        field: 'name',
        message: `There is a ${offering.kind} '${wanted.name}' in ${namespace} already`,
        fix: 'Choose another name',
      });
    }
    if (known) {
      verdicts.push(...describeEffects(offering, known, wanted.parameters));
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

/** What a change does to what is there, for the fields that it changes. */
function describeEffects(
  offering: CatalogOffering,
  known: RequestRow,
  wanted: Readonly<Record<string, unknown>>,
): Verdict[] {
  const defaults = defaultsOf(offering.schema);
  const valueOf = (
    parameters: Readonly<Record<string, unknown>>,
    field: string,
  ) =>
    JSON.stringify(readField(parameters, field) ?? readField(defaults, field));
  return Object.entries(offering.effects)
    .filter(
      ([field]) => valueOf(known.parameters, field) !== valueOf(wanted, field),
    )
    .map(([field, message]) => ({
      severity: 'warning',
      source: 'change',
      field: `parameters.${field}`,
      message,
    }));
}
