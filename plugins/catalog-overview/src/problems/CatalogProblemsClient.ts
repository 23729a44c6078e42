import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { createApiRef } from '@backstage/frontend-plugin-api';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import {
  entityProblemsResponseSchema,
  problemsResponseSchema,
  proposalSchema,
  unregisteredResponseSchema,
  unregisteredWorkloadSchema,
  workloadRepositoriesResponseSchema,
} from '@waystone/plugin-catalog-overview-common';
import type {
  EntityProblemsResponse,
  ProblemsQuery,
  ProblemsResponse,
  Proposal,
  ProposeWorkload,
  UnregisteredResponse,
  UnregisteredWorkload,
  WorkloadRepositoriesResponse,
} from '@waystone/plugin-catalog-overview-common';

/** The filters of the list; the rest has defaults. @internal */
export type ProblemFilters = Partial<ProblemsQuery>;

/**
 * What is wrong with entries of the catalog.
 *
 * @internal
 */
export interface CatalogProblemsApi {
  list(
    filters: ProblemFilters,
    signal?: AbortSignal,
  ): Promise<ProblemsResponse>;
  /** Of one entity, with lines and patches. */
  ofEntity(
    entityRef: string,
    signal?: AbortSignal,
  ): Promise<EntityProblemsResponse>;
  /** Opens a pull request with a fix, or finds the open one. */
  proposeFix(entityRef: string, fixId: string): Promise<Proposal>;
  /** What runs and no entity stands for. */
  unregistered(signal?: AbortSignal): Promise<UnregisteredResponse>;
  /** Opens a pull request that registers a workload, or finds the open one. */
  proposeWorkload(workload: ProposeWorkload): Promise<Proposal>;
  /** Where the file of a workload can go of which nobody knows the repository. */
  repositoriesFor(
    id: string,
    text: string,
    signal?: AbortSignal,
  ): Promise<WorkloadRepositoriesResponse>;
  /** The workload with its file as it would be in a repository, given by its address. */
  placeWorkload(
    id: string,
    repository: string,
    signal?: AbortSignal,
  ): Promise<UnregisteredWorkload>;
}

/** @internal */
export const catalogProblemsApiRef = createApiRef<CatalogProblemsApi>().with({
  id: 'plugin.catalog-overview.problems',
  pluginId: 'catalog-overview',
});

/** @internal */
export class CatalogProblemsClient implements CatalogProblemsApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async list(filters: ProblemFilters, signal?: AbortSignal) {
    const query = new URLSearchParams(
      Object.entries(filters).flatMap(([key, value]) =>
        value === undefined || value === '' ? [] : [[key, String(value)]],
      ),
    );
    return problemsResponseSchema.parse(
      await this.#get(`/problems?${query}`, signal),
    );
  }

  async ofEntity(entityRef: string, signal?: AbortSignal) {
    return entityProblemsResponseSchema.parse(
      await this.#get(`/problems/${pathOf(entityRef)}`, signal),
    );
  }

  async proposeFix(entityRef: string, fixId: string) {
    return proposalSchema.parse(
      await this.#post(`/problems/${pathOf(entityRef)}/pull-request`, {
        fixId,
      }),
    );
  }

  async unregistered(signal?: AbortSignal) {
    return unregisteredResponseSchema.parse(
      await this.#get('/unregistered', signal),
    );
  }

  async proposeWorkload(workload: ProposeWorkload) {
    return proposalSchema.parse(
      await this.#post('/unregistered/pull-request', workload),
    );
  }

  async repositoriesFor(id: string, text: string, signal?: AbortSignal) {
    const query = new URLSearchParams({ id, q: text });
    return workloadRepositoriesResponseSchema.parse(
      await this.#get(`/unregistered/repositories?${query}`, signal),
    );
  }

  async placeWorkload(id: string, repository: string, signal?: AbortSignal) {
    const query = new URLSearchParams({ id, repository });
    return unregisteredWorkloadSchema.parse(
      await this.#get(`/unregistered/placed?${query}`, signal),
    );
  }

  #get(path: string, signal?: AbortSignal): Promise<unknown> {
    return this.#fetch(path, { signal });
  }

  #post(path: string, body: object): Promise<unknown> {
    return this.#fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async #fetch(path: string, init: RequestInit): Promise<unknown> {
    const response = await this.#fetchApi.fetch(
      `plugin://catalog/waystone${path}`,
      init,
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response.json();
  }
}

function pathOf(entityRef: string): string {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  return [kind, namespace, name].map(encodeURIComponent).join('/');
}
