import type {
  AuthService,
  DiscoveryService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { ResponseError, toError } from '@backstage/errors';
import type { Freshness } from '@waystone/plugin-governance-common';
import { z } from 'zod';
import type { FactValue } from './evaluate';

/** How long another part of the portal has to answer. */
const TIMEOUT_MS = 10_000;

/** Pages of a list, so that an endless one ends. */
const MOST_PAGES = 200;

/** What is read of another pillar's fleet. Anything else in its answer is none of our business. */
const fleetSchema = z.object({
  items: z.array(
    z.object({
      entityRef: z.string(),
      state: z.string().optional(),
      deployments: z
        .array(z.object({ drifted: z.number().optional() }))
        .optional(),
    }),
  ),
  pageInfo: z.object({ nextCursor: z.string().optional() }).optional(),
});

type Service = z.output<typeof fleetSchema>['items'][number];

/**
 * What other pillars know of entities, read from their HTTP interfaces. One that is not there, or does not answer,
 * leaves its facts unknown.
 */
export class PillarFacts {
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;
  readonly #logger: LoggerService;
  readonly #services = new Map<string, ReadonlyMap<string, Service>>();
  readonly #freshness = new Map<string, Freshness>();

  constructor(options: {
    readonly auth: AuthService;
    readonly discovery: DiscoveryService;
    readonly logger: LoggerService;
  }) {
    this.#auth = options.auth;
    this.#discovery = options.discovery;
    this.#logger = options.logger;
  }

  get freshness(): readonly Freshness[] {
    return [...this.#freshness.values()];
  }

  /** Reads all of them again; what cannot be read keeps what was known. */
  async refresh(): Promise<void> {
    await Promise.all(['delivery', 'observability'].map(id => this.#read(id)));
  }

  /** A fact of a pillar; undefined if it is not known. */
  get(entityRef: string, name: string): FactValue | null | undefined {
    const [pillar, fact] = name.split('.');
    const services = this.#services.get(pillar);
    if (!services) {
      return undefined;
    }
    const service = services.get(entityRef);
    switch (fact) {
      case 'state':
        return service?.state === 'unknown' ? undefined : service?.state;
      case 'deployments':
        return service?.deployments?.length ?? 0;
      case 'drifted':
        return (service?.deployments ?? []).reduce(
          (sum, { drifted = 0 }) => sum + drifted,
          0,
        );
      default:
        return undefined;
    }
  }

  async #read(pluginId: string) {
    const source = pluginId;
    try {
      const services = await this.#list(pluginId);
      if (services) {
        this.#services.set(pluginId, services);
        this.#freshness.set(pluginId, {
          source,
          stale: false,
          observedAt: new Date().toISOString(),
        });
      } else {
        this.#services.delete(pluginId);
        this.#freshness.delete(pluginId);
      }
    } catch (error) {
      this.#logger.warn(
        `What '${pluginId}' knows could not be read for scorecards`,
        toError(error),
      );
      const observedAt = this.#freshness.get(pluginId)?.observedAt;
      this.#freshness.set(pluginId, {
        source,
        stale: true,
        reason: 'It does not answer',
        ...(observedAt && { observedAt }),
      });
    }
  }

  /** Undefined if this portal does not have the plugin. */
  async #list(
    pluginId: string,
  ): Promise<ReadonlyMap<string, Service> | undefined> {
    const base = await this.#discovery.getBaseUrl(pluginId);
    const { token } = await this.#auth.getPluginRequestToken({
      onBehalfOf: await this.#auth.getOwnServiceCredentials(),
      targetPluginId: pluginId,
    });
    const found = new Map<string, Service>();
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const query = new URLSearchParams({ limit: '500' });
      if (cursor) {
        query.set('cursor', cursor);
      }
      const response = await fetch(`${base}/services?${query}`, {
        headers: { Authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const isJson = response.headers
        .get('content-type')
        ?.includes('application/json');
      // Where there is no such plugin, the portal answers with its page.
      if (response.status === 404 || (response.ok && !isJson)) {
        return undefined;
      }
      if (!response.ok) {
        throw await ResponseError.fromResponse(response);
      }
      const { items, pageInfo } = fleetSchema.parse(await response.json());
      items.forEach(service => found.set(service.entityRef, service));
      cursor = pageInfo?.nextCursor;
      if (!cursor) {
        break;
      }
    }
    return found;
  }
}
