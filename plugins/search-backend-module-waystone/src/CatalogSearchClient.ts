import type {
  AuthService,
  BackstageCredentials,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { ResponseError } from '@backstage/errors';
import { searchResponseSchema } from '@waystone/plugin-search-common';
import type {
  SearchDocumentsInput,
  SearchQueryInput,
  SearchResponse,
} from '@waystone/plugin-search-common';

/** Milliseconds after which the index counts as not answering. */
const TIMEOUT = 30_000;

/** The index in the catalog's database, over its routes. */
export class CatalogSearchClient {
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;

  constructor(options: {
    readonly auth: AuthService;
    readonly discovery: DiscoveryService;
  }) {
    this.#auth = options.auth;
    this.#discovery = options.discovery;
  }

  /** What the one with the credentials may see. */
  async query(
    query: SearchQueryInput,
    credentials: BackstageCredentials,
  ): Promise<SearchResponse> {
    const parameters = new URLSearchParams(
      Object.entries(query).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)]],
      ),
    );
    const response = await this.#fetch(`search?${parameters}`, credentials);
    return searchResponseSchema.parse(await response.json());
  }

  async put(type: string, input: SearchDocumentsInput): Promise<void> {
    await this.#fetch(
      `search/documents/${encodeURIComponent(type)}`,
      await this.#auth.getOwnServiceCredentials(),
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(input),
      },
    );
  }

  async #fetch(
    path: string,
    onBehalfOf: BackstageCredentials,
    init: { method?: string; headers?: object; body?: string } = {},
  ): Promise<Response> {
    const [baseUrl, { token }] = await Promise.all([
      this.#discovery.getBaseUrl('catalog'),
      this.#auth.getPluginRequestToken({
        onBehalfOf,
        targetPluginId: 'catalog',
      }),
    ]);
    const response = await fetch(`${baseUrl}/waystone/${path}`, {
      ...init,
      headers: { ...init.headers, Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response;
  }
}
