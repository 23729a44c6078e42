import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { ResponseError } from '@backstage/errors';
import { requestListSchema } from '@waystone/plugin-infrastructure-common';
import type { InfrastructureRequest } from '@waystone/plugin-infrastructure-common';

const PAGE = '200';
const PATIENCE_MS = 15_000;

/** Reads requests from the API of infrastructure. */
export class RequestReader {
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;

  constructor(options: {
    readonly auth: AuthService;
    readonly discovery: DiscoveryService;
  }) {
    this.#auth = options.auth;
    this.#discovery = options.discovery;
  }

  /** Everything that is not over, page by page. */
  async readAll(signal?: AbortSignal): Promise<InfrastructureRequest[]> {
    const found: InfrastructureRequest[] = [];
    const query = new URLSearchParams({ limit: PAGE });
    for (const status of [
      'ready',
      'updating',
      'drifted',
      'deleting',
      'failed',
      'awaiting-approval',
    ]) {
      query.append('status', status);
    }
    for (;;) {
      const { items, pageInfo } = await this.#read(query, signal);
      found.push(...items);
      if (!pageInfo.nextCursor) {
        return found;
      }
      query.set('cursor', pageInfo.nextCursor);
    }
  }

  async #read(query: URLSearchParams, signal: AbortSignal | undefined) {
    const timeout = AbortSignal.timeout(PATIENCE_MS);
    const [base, { token }] = await Promise.all([
      this.#discovery.getBaseUrl('infrastructure'),
      this.#auth.getPluginRequestToken({
        onBehalfOf: await this.#auth.getOwnServiceCredentials(),
        targetPluginId: 'infrastructure',
      }),
    ]);
    const response = await fetch(`${base}/requests?${query}`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return requestListSchema.parse(await response.json());
  }
}
