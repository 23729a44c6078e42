import { ResponseError } from '@backstage/errors';
import { createApiRef } from '@backstage/frontend-plugin-api';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import { searchResponseSchema } from '@waystone/plugin-search-common';
import type {
  SearchQueryInput,
  SearchResponse,
} from '@waystone/plugin-search-common';

/** Asks the index. @internal */
export interface SearchApi {
  search(query: SearchQueryInput, signal: AbortSignal): Promise<SearchResponse>;
}

/** @internal */
export const searchApiRef = createApiRef<SearchApi>().with({
  id: 'plugin.command-palette.search',
  pluginId: 'command-palette',
});

/** @internal */
export class SearchClient implements SearchApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { readonly fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async search(
    query: SearchQueryInput,
    signal: AbortSignal,
  ): Promise<SearchResponse> {
    const parameters = new URLSearchParams(
      Object.entries(query).flatMap(([name, value]) =>
        value === undefined || value === '' ? [] : [[name, String(value)]],
      ),
    );
    const response = await this.#fetchApi.fetch(
      `plugin://catalog/waystone/search?${parameters}`,
      { signal },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return searchResponseSchema.parse(await response.json());
  }
}
