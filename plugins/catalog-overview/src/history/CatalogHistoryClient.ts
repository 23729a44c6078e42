import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { createApiRef } from '@backstage/frontend-plugin-api';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import {
  deletedEntitiesResponseSchema,
  historyResponseSchema,
} from '@waystone/plugin-catalog-overview-common';
import type {
  DeletedEntitiesQuery,
  DeletedEntitiesResponse,
  HistoryQuery,
  HistoryResponse,
} from '@waystone/plugin-catalog-overview-common';

/** The filters of a history; the rest has defaults. @internal */
export type HistoryFilters = Partial<HistoryQuery>;

/**
 * What became of entries of the catalog.
 *
 * @internal
 */
export interface CatalogHistoryApi {
  ofEntity(
    entityRef: string,
    filters: HistoryFilters,
    signal?: AbortSignal,
  ): Promise<HistoryResponse>;
  deleted(
    query: Partial<DeletedEntitiesQuery>,
    signal?: AbortSignal,
  ): Promise<DeletedEntitiesResponse>;
}

/** @internal */
export const catalogHistoryApiRef = createApiRef<CatalogHistoryApi>().with({
  id: 'plugin.catalog-overview.history',
  pluginId: 'catalog-overview',
});

/** @internal */
export class CatalogHistoryClient implements CatalogHistoryApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async ofEntity(
    entityRef: string,
    filters: HistoryFilters,
    signal?: AbortSignal,
  ) {
    const { kind, namespace, name } = parseEntityRef(entityRef);
    const path = [kind, namespace, name].map(encodeURIComponent).join('/');
    return historyResponseSchema.parse(
      await this.#get(`/${path}`, filters, signal),
    );
  }

  async deleted(query: Partial<DeletedEntitiesQuery>, signal?: AbortSignal) {
    return deletedEntitiesResponseSchema.parse(
      await this.#get('', query, signal),
    );
  }

  async #get(
    path: string,
    query: object,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const search = new URLSearchParams(
      Object.entries(query).flatMap(([key, value]) =>
        value === undefined || value === '' ? [] : [[key, String(value)]],
      ),
    );
    const response = await this.#fetchApi.fetch(
      `plugin://catalog/waystone/history${path}?${search}`,
      { signal },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response.json();
  }
}
