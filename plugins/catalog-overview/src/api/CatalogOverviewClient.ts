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
  /** What the page of an entity shows beside it. Those who ask within seconds get the same answer. */
  getOverview(entityRef: string): Promise<OverviewResponse>;
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

/** How long the header, the overview and the tabs of a page share an answer. */
const SHARED_MS = 5000;

/** @internal */
export class CatalogOverviewClient implements CatalogOverviewApi {
  readonly #fetchApi: FetchApi;
  #shared?: {
    readonly entityRef: string;
    readonly at: number;
    readonly answer: Promise<OverviewResponse>;
  };

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async getOverview(entityRef: string): Promise<OverviewResponse> {
    const now = Date.now();
    if (
      this.#shared?.entityRef === entityRef &&
      now - this.#shared.at < SHARED_MS
    ) {
      return this.#shared.answer;
    }
    const shared = {
      entityRef,
      at: now,
      answer: this.#readOverview(entityRef),
    };
    this.#shared = shared;
    shared.answer.catch(() => {
      if (this.#shared === shared) {
        this.#shared = undefined;
      }
    });
    return shared.answer;
  }

  async #readOverview(entityRef: string): Promise<OverviewResponse> {
    const { kind, namespace, name } = parseEntityRef(entityRef);
    const path = [kind, namespace, name].map(encodeURIComponent).join('/');
    const response = await this.#fetchApi.fetch(
      `plugin://catalog/waystone/overview/${path}`,
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
