import { ResponseError } from '@backstage/errors';
import { createApiRef } from '@backstage/frontend-plugin-api';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import {
  listingProblemsResponseSchema,
  listingResponseSchema,
  listingValuesResponseSchema,
} from '@waystone/plugin-catalog-overview-common';
import type {
  ListingField,
  ListingFilter,
  ListingProblemsResponse,
  ListingQuery,
  ListingResponse,
  ListingValuesQuery,
  ListingValuesResponse,
} from '@waystone/plugin-catalog-overview-common';

/** Longer queries are sent as a body. */
const LONGEST_ADDRESS = 2_000;

/**
 * The index of the catalog.
 *
 * @internal
 */
export interface CatalogListingApi {
  list(
    query: Partial<ListingQuery>,
    signal?: AbortSignal,
  ): Promise<ListingResponse>;
  /** How many problems entities have, of those that the caller may know of. */
  problems(
    entityRefs: readonly string[],
    signal?: AbortSignal,
  ): Promise<ListingProblemsResponse>;
  /** What a picker offers. */
  values(
    field: ListingField,
    query: Partial<ListingValuesQuery>,
    signal?: AbortSignal,
  ): Promise<ListingValuesResponse>;
  /** All that match, as RFC 4180. */
  export(query: Partial<ListingFilter>): Promise<Blob>;
}

/** @internal */
export const catalogListingApiRef = createApiRef<CatalogListingApi>().with({
  id: 'plugin.catalog-overview.listing',
  pluginId: 'catalog-overview',
});

/** @internal */
export class CatalogListingClient implements CatalogListingApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async list(query: Partial<ListingQuery>, signal?: AbortSignal) {
    const response = await this.#ask('', query, 'application/json', signal);
    return listingResponseSchema.parse(await response.json());
  }

  async problems(entityRefs: readonly string[], signal?: AbortSignal) {
    const response = await this.#ask(
      '/problems',
      { entityRef: entityRefs },
      'application/json',
      signal,
    );
    return listingProblemsResponseSchema.parse(await response.json());
  }

  async values(
    field: ListingField,
    query: Partial<ListingValuesQuery>,
    signal?: AbortSignal,
  ) {
    const response = await this.#ask(
      `/values/${field}`,
      query,
      'application/json',
      signal,
    );
    return listingValuesResponseSchema.parse(await response.json());
  }

  async export(query: Partial<ListingFilter>) {
    const response = await this.#ask('', query, 'text/csv');
    return response.blob();
  }

  async #ask(
    path: string,
    query: object,
    accept: string,
    signal?: AbortSignal,
  ): Promise<Response> {
    const address = `plugin://catalog/waystone/listing${path}`;
    const params = new URLSearchParams(
      Object.entries(query).flatMap(([key, value]) =>
        value === undefined || value === ''
          ? []
          : [value].flat().map(one => [key, String(one)]),
      ),
    ).toString();
    // No names at all is not the same as any name, and an address can't say so.
    const named = 'entityRef' in query && query.entityRef !== undefined;
    const response =
      named || params.length > LONGEST_ADDRESS
        ? await this.#fetchApi.fetch(address, {
            method: 'POST',
            headers: { Accept: accept, 'Content-Type': 'application/json' },
            body: JSON.stringify(query),
            signal,
          })
        : await this.#fetchApi.fetch(`${address}?${params}`, {
            headers: { Accept: accept },
            signal,
          });
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response;
  }
}
