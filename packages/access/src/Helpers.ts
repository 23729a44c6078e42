import type {
  AuthService,
  BackstageCredentials,
  DiscoveryService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { parseEntityRef, RELATION_OWNED_BY } from '@backstage/catalog-model';
import { toError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { z } from 'zod';

/** How long the policy's answer is used; it changes about as often as the policy. */
const KNOWN_FOR_MS = 30_000;

/** A refusal is not kept waiting for longer. */
const TIMEOUT_MS = 3_000;

/** What is read of the policy's explanation. */
const explanationSchema = z.object({ askWhom: z.array(z.string()) });

/**
 * Finds out who can help somebody that lacks a permission: the owners of what it is lacking for, and whom the policy names.
 */
export class Helpers {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #discovery: DiscoveryService;
  readonly #logger: LoggerService;
  readonly #known = new Map<
    string,
    { readonly until: number; readonly askWhom: readonly string[] }
  >();

  constructor(options: {
    readonly auth: AuthService;
    readonly catalog: CatalogService;
    readonly discovery: DiscoveryService;
    readonly logger: LoggerService;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#discovery = options.discovery;
    this.#logger = options.logger;
  }

  /**
   * Refs of users and groups, the nearest first. Empty if it cannot be found out: a refusal does not fail for that.
   *
   * @param credentials - who is refused; nobody is told of owners of what she may not see
   */
  async find(
    lacking: { readonly permission: string; readonly resource?: string },
    credentials: BackstageCredentials,
  ): Promise<readonly string[]> {
    const found = await Promise.all([
      this.#ownersOf(lacking.resource, credentials),
      this.#byPolicy(lacking.permission, credentials),
    ]);
    return [...new Set(found.flat())];
  }

  async #ownersOf(
    resource: string | undefined,
    credentials: BackstageCredentials,
  ): Promise<readonly string[]> {
    try {
      if (!resource) {
        return [];
      }
      const entity = await this.#catalog.getEntityByRef(
        parseEntityRef(resource),
        { credentials },
      );
      return (entity?.relations ?? [])
        .filter(({ type }) => type === RELATION_OWNED_BY)
        .map(({ targetRef }) => targetRef);
    } catch {
      // Not everything that one needs a permission for is an entity.
      return [];
    }
  }

  async #byPolicy(
    permission: string,
    credentials: BackstageCredentials,
  ): Promise<readonly string[]> {
    const known = this.#known.get(permission);
    if (known && known.until > Date.now()) {
      return known.askWhom;
    }
    try {
      const askWhom = await this.#askPolicy(permission, credentials);
      this.#known.set(permission, {
        until: Date.now() + KNOWN_FOR_MS,
        askWhom,
      });
      return askWhom;
    } catch (error) {
      this.#logger.debug(
        `Whom to ask for ${permission} could not be found out`,
        toError(error),
      );
      return known?.askWhom ?? [];
    }
  }

  async #askPolicy(
    permission: string,
    credentials: BackstageCredentials,
  ): Promise<readonly string[]> {
    const { token } = await this.#auth.getPluginRequestToken({
      onBehalfOf: credentials,
      targetPluginId: 'permission',
    });
    const base = await this.#discovery.getBaseUrl('permission');
    const query = new URLSearchParams({ permission });
    const response = await fetch(`${base}/waystone/explain?${query}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) {
      // A portal with another policy does not explain itself.
      return [];
    }
    return explanationSchema.parse(await response.json()).askWhom;
  }
}
