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

/** What is read of the fleets of delivery and observability. Anything else in their answers is none of our business. */
const fleetSchema = z.object({
  items: z.array(
    z.object({
      entityRef: z.string(),
      state: z.string().optional(),
      deployments: z
        .array(z.object({ drifted: z.number().optional() }))
        .optional(),
      health: z
        .object({
          recipe: z.object({ id: z.string() }).optional(),
          slos: z.array(z.object({ budgetLeft: z.number().nullable() })),
        })
        .optional(),
    }),
  ),
  pageInfo: z.object({ nextCursor: z.string().optional() }).optional(),
});

/** What is read of the builds of documentation. */
const docsSchema = z.object({
  items: z.array(
    z.object({
      entityRef: z.string(),
      state: z.string(),
      problemCount: z.number(),
      stale: z.boolean(),
    }),
  ),
});

type Known = Readonly<Record<string, FactValue | null | undefined>>;

/** What a pillar says of entities. */
interface Pillar {
  readonly pluginId: string;
  readonly path: string;
  /** The facts of each entity in a page of its answer, and the cursor of the next. */
  readonly read: (body: unknown) => {
    readonly items: readonly (readonly [entityRef: string, facts: Known])[];
    readonly nextCursor?: string;
  };
  /** Of entities that it does not list. */
  readonly otherwise: Known;
}

const fleet = (
  pluginId: string,
  otherwise: Known,
  read: (service: z.output<typeof fleetSchema>['items'][number]) => Known,
): Pillar => ({
  pluginId,
  path: '/services',
  otherwise,
  read: body => {
    const { items, pageInfo } = fleetSchema.parse(body);
    return {
      items: items.map(service => [
        service.entityRef,
        {
          state: service.state === 'unknown' ? undefined : service.state,
          ...read(service),
        },
      ]),
      nextCursor: pageInfo?.nextCursor,
    };
  },
});

const PILLARS: Readonly<Record<string, Pillar>> = {
  delivery: fleet(
    'delivery',
    { deployments: 0, drifted: 0 },
    ({ deployments = [] }) => ({
      deployments: deployments.length,
      drifted: deployments.reduce((sum, { drifted = 0 }) => sum + drifted, 0),
    }),
  ),
  // What runs nowhere is neither measured nor not.
  observability: fleet('observability', {}, ({ health }) => {
    const budgets = (health?.slos ?? []).flatMap(({ budgetLeft }) =>
      budgetLeft === null ? [] : [budgetLeft],
    );
    return {
      measured: health?.recipe !== undefined,
      objectives: health?.slos.length ?? 0,
      budgetLeft: budgets.length > 0 ? Math.min(...budgets) : undefined,
    };
  }),
  docs: {
    pluginId: 'techdocs',
    path: '/native/builds',
    otherwise: {},
    read: body => ({
      items: docsSchema
        .parse(body)
        .items.map(({ entityRef, problemCount, stale, state }) => [
          entityRef,
          {
            built: state === 'unknown' ? undefined : state === 'built',
            problems: problemCount,
            stale,
          },
        ]),
    }),
  },
};

/**
 * What other pillars know of entities, read from their HTTP interfaces. One that is not there, or does not answer,
 * leaves its facts unknown.
 */
export class PillarFacts {
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;
  readonly #logger: LoggerService;
  readonly #known = new Map<string, ReadonlyMap<string, Known>>();
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
    await Promise.all(Object.keys(PILLARS).map(name => this.#read(name)));
  }

  /** A fact of a pillar; undefined if it is not known. */
  get(entityRef: string, name: string): FactValue | null | undefined {
    const [pillar, fact] = name.split('.');
    const known = this.#known.get(pillar);
    return known && (known.get(entityRef) ?? PILLARS[pillar].otherwise)[fact];
  }

  async #read(source: string) {
    try {
      const known = await this.#list(PILLARS[source]);
      if (known) {
        this.#known.set(source, known);
        this.#freshness.set(source, {
          source,
          stale: false,
          observedAt: new Date().toISOString(),
        });
      } else {
        this.#known.delete(source);
        this.#freshness.delete(source);
      }
    } catch (error) {
      this.#logger.warn(
        `What '${source}' knows could not be read for scorecards`,
        toError(error),
      );
      const observedAt = this.#freshness.get(source)?.observedAt;
      this.#freshness.set(source, {
        source,
        stale: true,
        reason: 'It does not answer',
        ...(observedAt && { observedAt }),
      });
    }
  }

  /** Undefined if this portal does not have the plugin. */
  async #list({
    path,
    pluginId,
    read,
  }: Pillar): Promise<ReadonlyMap<string, Known> | undefined> {
    const base = await this.#discovery.getBaseUrl(pluginId);
    const { token } = await this.#auth.getPluginRequestToken({
      onBehalfOf: await this.#auth.getOwnServiceCredentials(),
      targetPluginId: pluginId,
    });
    const found = new Map<string, Known>();
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const query = new URLSearchParams(
        path === '/services' ? { limit: '500' } : {},
      );
      if (cursor) {
        query.set('cursor', cursor);
      }
      const response = await fetch(`${base}${path}?${query}`, {
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
      const { items, nextCursor } = read(await response.json());
      items.forEach(([entityRef, facts]) => found.set(entityRef, facts));
      cursor = nextCursor;
      if (!cursor) {
        break;
      }
    }
    return found;
  }
}
