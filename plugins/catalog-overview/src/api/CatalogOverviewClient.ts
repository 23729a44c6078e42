import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { createApiRef } from '@backstage/frontend-plugin-api';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import {
  impactResponseSchema,
  overviewResponseSchema,
} from '@waystone/plugin-catalog-overview-common';
import type {
  ImpactQuery,
  ImpactResponse,
  OverviewResponse,
} from '@waystone/plugin-catalog-overview-common';

/** The filters of an impact list; the rest has defaults. @internal */
export type ImpactFilters = Partial<ImpactQuery>;

/**
 * What the pages ask the catalog's backend.
 *
 * @internal
 */
export interface CatalogOverviewApi {
  /** What the page of an entity shows beside it. */
  getOverview(
    entityRef: string,
    signal?: AbortSignal,
  ): Promise<OverviewResponse>;
  getImpact(
    entityRef: string,
    filters: ImpactFilters,
    signal?: AbortSignal,
  ): Promise<ImpactResponse>;
  /** All that match, as RFC 4180. */
  exportImpact(entityRef: string, filters: ImpactFilters): Promise<Blob>;
}

/** @internal */
export const catalogOverviewApiRef = createApiRef<CatalogOverviewApi>().with({
  id: 'plugin.catalog-overview.api',
  pluginId: 'catalog-overview',
});

/** @internal */
export class CatalogOverviewClient implements CatalogOverviewApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async getOverview(
    entityRef: string,
    signal?: AbortSignal,
  ): Promise<OverviewResponse> {
    const { kind, namespace, name } = parseEntityRef(entityRef);
    const path = [kind, namespace, name].map(encodeURIComponent).join('/');
    const response = await this.#fetchApi.fetch(
      `plugin://catalog/waystone/overview/${path}`,
      { signal },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return overviewResponseSchema.parse(await response.json());
  }

  async getImpact(
    entityRef: string,
    filters: ImpactFilters,
    signal?: AbortSignal,
  ): Promise<ImpactResponse> {
    const response = await this.#impact(entityRef, filters, {
      headers: { Accept: 'application/json' },
      signal,
    });
    return impactResponseSchema.parse(await response.json());
  }

  async exportImpact(entityRef: string, filters: ImpactFilters): Promise<Blob> {
    const response = await this.#impact(entityRef, filters, {
      headers: { Accept: 'text/csv' },
    });
    return response.blob();
  }

  async #impact(
    entityRef: string,
    filters: ImpactFilters,
    init: RequestInit,
  ): Promise<Response> {
    const { kind, namespace, name } = parseEntityRef(entityRef);
    const path = [kind, namespace, name].map(encodeURIComponent).join('/');
    const query = new URLSearchParams(
      Object.entries(filters).flatMap(([key, value]) =>
        value === undefined || value === '' ? [] : [[key, String(value)]],
      ),
    );
    const response = await this.#fetchApi.fetch(
      `plugin://catalog/waystone/impact/${path}?${query}`,
      init,
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response;
  }
}
