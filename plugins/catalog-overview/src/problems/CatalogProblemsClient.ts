import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { createApiRef } from '@backstage/frontend-plugin-api';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import {
  entityProblemsResponseSchema,
  problemsResponseSchema,
  proposalSchema,
} from '@waystone/plugin-catalog-overview-common';
import type {
  EntityProblemsResponse,
  ProblemsQuery,
  ProblemsResponse,
  Proposal,
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
    return problemsResponseSchema.parse(await this.#get(`?${query}`, signal));
  }

  async ofEntity(entityRef: string, signal?: AbortSignal) {
    return entityProblemsResponseSchema.parse(
      await this.#get(`/${pathOf(entityRef)}`, signal),
    );
  }

  async proposeFix(entityRef: string, fixId: string) {
    return proposalSchema.parse(
      await this.#fetch(`/${pathOf(entityRef)}/pull-request`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ fixId }),
      }),
    );
  }

  #get(path: string, signal?: AbortSignal): Promise<unknown> {
    return this.#fetch(path, { signal });
  }

  async #fetch(path: string, init: RequestInit): Promise<unknown> {
    const response = await this.#fetchApi.fetch(
      `plugin://catalog/waystone/problems${path}`,
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
