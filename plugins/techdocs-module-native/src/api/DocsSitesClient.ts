import { ResponseError } from '@backstage/errors';
import { createApiRef, type FetchApi } from '@backstage/frontend-plugin-api';
import {
  docsSitesResponseSchema,
  type DocsSitesQuery,
  type DocsSitesResponse,
} from '@waystone/plugin-techdocs-native-common';

/**
 * Lists the docs that the signed-in person may see.
 *
 * @internal
 */
export interface DocsSitesApi {
  list(
    query: Partial<DocsSitesQuery>,
    signal?: AbortSignal,
  ): Promise<DocsSitesResponse>;
}

/** @internal */
export const docsSitesApiRef = createApiRef<DocsSitesApi>().with({
  id: 'plugin.techdocs.native-sites',
  pluginId: 'techdocs',
});

/** @internal */
export class DocsSitesClient implements DocsSitesApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async list(
    query: Partial<DocsSitesQuery>,
    signal?: AbortSignal,
  ): Promise<DocsSitesResponse> {
    const parameters = new URLSearchParams(
      Object.entries(query).flatMap(([key, value]) =>
        value === undefined || value === '' ? [] : [[key, String(value)]],
      ),
    );
    const response = await this.#fetchApi.fetch(
      `plugin://techdocs/native/sites?${parameters}`,
      { signal },
    );
    if (!response.ok) throw await ResponseError.fromResponse(response);
    return docsSitesResponseSchema.parse(await response.json());
  }
}
