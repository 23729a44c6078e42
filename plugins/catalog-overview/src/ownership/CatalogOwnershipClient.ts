import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { createApiRef } from '@backstage/frontend-plugin-api';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import {
  ownershipResponseSchema,
  unownedResponseSchema,
} from '@waystone/plugin-catalog-overview-common';
import type {
  OwnershipResponse,
  UnownedQuery,
  UnownedResponse,
} from '@waystone/plugin-catalog-overview-common';

/** The filters of the list; the rest has defaults. @internal */
export type UnownedFilters = Partial<UnownedQuery>;

/**
 * Who owns what, and what nobody owns.
 *
 * @internal
 */
export interface CatalogOwnershipApi {
  /** Of a group or a user. */
  ofOwner(entityRef: string, signal?: AbortSignal): Promise<OwnershipResponse>;
  unowned(
    filters: UnownedFilters,
    signal?: AbortSignal,
  ): Promise<UnownedResponse>;
  /** All that match, as RFC 4180. */
  exportUnowned(filters: UnownedFilters): Promise<Blob>;
}

/** @internal */
export const catalogOwnershipApiRef = createApiRef<CatalogOwnershipApi>().with({
  id: 'plugin.catalog-overview.ownership',
  pluginId: 'catalog-overview',
});

/** @internal */
export class CatalogOwnershipClient implements CatalogOwnershipApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async ofOwner(entityRef: string, signal?: AbortSignal) {
    const { kind, namespace, name } = parseEntityRef(entityRef);
    const path = [kind, namespace, name].map(encodeURIComponent).join('/');
    const response = await this.#get(`ownership/${path}`, { signal });
    return ownershipResponseSchema.parse(await response.json());
  }

  async unowned(filters: UnownedFilters, signal?: AbortSignal) {
    const response = await this.#get(`unowned?${toSearch(filters)}`, {
      headers: { Accept: 'application/json' },
      signal,
    });
    return unownedResponseSchema.parse(await response.json());
  }

  async exportUnowned(filters: UnownedFilters) {
    const response = await this.#get(`unowned?${toSearch(filters)}`, {
      headers: { Accept: 'text/csv' },
    });
    return response.blob();
  }

  async #get(path: string, init: RequestInit): Promise<Response> {
    const response = await this.#fetchApi.fetch(
      `plugin://catalog/waystone/${path}`,
      init,
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response;
  }
}

function toSearch(filters: object): URLSearchParams {
  return new URLSearchParams(
    Object.entries(filters).flatMap(([key, value]) =>
      value === undefined || value === '' ? [] : [[key, String(value)]],
    ),
  );
}
