import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { createApiRef } from '@backstage/frontend-plugin-api';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import {
  entityScorecardsResponseSchema,
  groupsResponseSchema,
  misconfigurationsResponseSchema,
  policiesResponseSchema,
  scorecardsResponseSchema,
  secretsResponseSchema,
  serviceGovernanceSchema,
  trendResponseSchema,
  violationsResponseSchema,
  vulnerabilitiesResponseSchema,
} from '@waystone/plugin-governance-common';
import type {
  EntityScorecardsResponse,
  FindingsFilter,
  GroupsQuery,
  GroupsResponse,
  MisconfigurationsResponse,
  PoliciesResponse,
  ScorecardsResponse,
  SecretsResponse,
  ServiceGovernance,
  TrendPoint,
  TrendQuery,
  ViolationsResponse,
  VulnerabilitiesResponse,
} from '@waystone/plugin-governance-common';

/** What there are lists of. @internal */
export type FindingKind =
  | 'violations'
  | 'vulnerabilities'
  | 'misconfigurations';

/** @internal */
export type FindingsResponse =
  | ViolationsResponse
  | VulnerabilitiesResponse
  | MisconfigurationsResponse;

/** Which groups are read. @internal */
export type GroupsFilter = Omit<FindingsFilter, 'sort' | 'order'> & {
  readonly by: GroupsQuery['by'];
};

/** Which secrets are read. @internal */
export interface SecretsFilter {
  readonly entity?: string;
  readonly owner?: string;
  readonly due?: boolean;
  readonly q?: string;
}

/**
 * What the pages ask their backend.
 *
 * @internal
 */
export interface GovernanceApi {
  listFindings(
    kind: FindingKind,
    filter: FindingsFilter,
    signal?: AbortSignal,
  ): Promise<FindingsResponse>;
  listGroups(
    kind: FindingKind,
    filter: GroupsFilter,
    signal?: AbortSignal,
  ): Promise<GroupsResponse>;
  listPolicies(signal?: AbortSignal): Promise<PoliciesResponse>;
  getTrend(
    query: Pick<TrendQuery, 'type' | 'entity' | 'owner'>,
    signal?: AbortSignal,
  ): Promise<readonly TrendPoint[]>;
  listScorecards(
    owner: string | undefined,
    signal?: AbortSignal,
  ): Promise<ScorecardsResponse>;
  /** @returns Undefined if nothing is known of the entity. */
  findScorecards(
    entityRef: string,
    signal?: AbortSignal,
  ): Promise<EntityScorecardsResponse | undefined>;
  /** @returns Undefined if nothing may be known of the entity's. */
  findSecrets(
    filter: SecretsFilter,
    signal?: AbortSignal,
  ): Promise<SecretsResponse | undefined>;
  /** @returns Undefined if nothing is known of the entity. */
  findService(
    entityRef: string,
    signal?: AbortSignal,
  ): Promise<ServiceGovernance | undefined>;
}

/** @internal */
export const governanceApiRef = createApiRef<GovernanceApi>().with({
  id: 'plugin.governance.api',
  pluginId: 'governance',
});

const SCHEMAS = {
  violations: violationsResponseSchema,
  vulnerabilities: vulnerabilitiesResponseSchema,
  misconfigurations: misconfigurationsResponseSchema,
};

/** @internal */
export class GovernanceClient implements GovernanceApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async listFindings(
    kind: FindingKind,
    filter: FindingsFilter,
    signal?: AbortSignal,
  ): Promise<FindingsResponse> {
    return SCHEMAS[kind].parse(
      await this.#json(`/${kind}?${toQuery({ ...filter })}`, signal),
    );
  }

  async listGroups(
    kind: FindingKind,
    filter: GroupsFilter,
    signal?: AbortSignal,
  ) {
    return groupsResponseSchema.parse(
      await this.#json(`/${kind}/groups?${toQuery({ ...filter })}`, signal),
    );
  }

  async listPolicies(signal?: AbortSignal) {
    return policiesResponseSchema.parse(await this.#json('/policies', signal));
  }

  async getTrend(
    query: Pick<TrendQuery, 'type' | 'entity' | 'owner'>,
    signal?: AbortSignal,
  ) {
    return trendResponseSchema.parse(
      await this.#json(`/trend?${toQuery({ ...query })}`, signal),
    ).items;
  }

  async listScorecards(owner: string | undefined, signal?: AbortSignal) {
    return scorecardsResponseSchema.parse(
      await this.#json(`/scorecards?${toQuery({ owner })}`, signal),
    );
  }

  async findScorecards(entityRef: string, signal?: AbortSignal) {
    const response = await this.#fetch(
      `/scorecards/${pathOf(entityRef)}`,
      signal,
    );
    return response.status === 404
      ? undefined
      : entityScorecardsResponseSchema.parse(await readJson(response));
  }

  async findSecrets(filter: SecretsFilter, signal?: AbortSignal) {
    const response = await this.#fetch(
      `/secrets?${toQuery({ ...filter })}`,
      signal,
    );
    return response.status === 404
      ? undefined
      : secretsResponseSchema.parse(await readJson(response));
  }

  async findService(entityRef: string, signal?: AbortSignal) {
    const response = await this.#fetch(
      `/services/${pathOf(entityRef)}`,
      signal,
    );
    return response.status === 404
      ? undefined
      : serviceGovernanceSchema.parse(await readJson(response));
  }

  async #json(path: string, signal?: AbortSignal): Promise<unknown> {
    return readJson(await this.#fetch(path, signal));
  }

  #fetch(path: string, signal?: AbortSignal): Promise<Response> {
    return this.#fetchApi.fetch(`plugin://governance${path}`, { signal });
  }
}

async function readJson(response: Response): Promise<unknown> {
  if (!response.ok) {
    throw await ResponseError.fromResponse(response);
  }
  return response.json();
}

function pathOf(entityRef: string): string {
  const { kind, name, namespace } = parseEntityRef(entityRef);
  return [namespace, kind, name].map(encodeURIComponent).join('/');
}

function toQuery(filter: Readonly<Record<string, unknown>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) {
    for (const item of [value].flat()) {
      if (item !== undefined && item !== '') {
        query.append(key, String(item));
      }
    }
  }
  return query;
}
