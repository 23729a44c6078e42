import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Environments } from '@waystone/environments';
import type { KubernetesService, WatchedCache } from '@waystone/integrations';
import { OFFERING_LABEL } from '@waystone/plugin-infrastructure-common';
import type {
  Offering,
  OfferingList,
} from '@waystone/plugin-infrastructure-common';
import type { InfrastructureConfig } from '../config/InfrastructureConfig';
import { calculateCost } from '../cost/calculateCost';
import { readOffering } from './readOffering';
import type { DefinedOffering } from './readOffering';

const DEFINITION = {
  apiVersion: 'apiextensions.crossplane.io/v2',
  kind: 'CompositeResourceDefinition',
};

/** An offering with the names of its price rule and of what makes its backups. */
export type CatalogOffering = Offering &
  Pick<DefinedOffering, 'priceRule' | 'backupEngine'>;

/** How long an offering takes to become usable. */
export type ReadyTimes = ReadonlyMap<
  string,
  { readonly medianSeconds: number; readonly samples: number }
>;

/**
 * What can be requested: the labelled CompositeResourceDefinitions of all clusters, kept up to date by a watch each.
 */
export class OfferingCatalog {
  readonly #config: InfrastructureConfig;
  readonly #environments: Environments;
  readonly #clusters: readonly {
    readonly name: string;
    readonly cache: WatchedCache<DefinedOffering>;
  }[];

  static create(options: {
    readonly kubernetes: KubernetesService;
    readonly environments: Environments;
    readonly config: InfrastructureConfig;
    readonly logger: LoggerService;
  }): OfferingCatalog {
    return new OfferingCatalog(options);
  }

  private constructor(options: {
    readonly kubernetes: KubernetesService;
    readonly environments: Environments;
    readonly config: InfrastructureConfig;
    readonly logger: LoggerService;
  }) {
    const { kubernetes, environments, config, logger } = options;
    this.#config = config;
    this.#environments = environments;
    const wanted = new Set(environments.all.map(({ cluster }) => cluster));
    this.#clusters = [...wanted].flatMap(name => {
      const client = kubernetes.clusters.find(each => each.cluster === name);
      if (!client) {
        logger.warn(
          `Nothing can be requested in the environments of the cluster '${name}': no such cluster is configured`,
        );
        return [];
      }
      return [
        {
          name,
          cache: client.cache({
            kind: DEFINITION,
            labelSelector: `${OFFERING_LABEL}=true`,
            transform: readOffering,
          }),
        },
      ];
    });
  }

  /** All offerings by category and title. */
  list(times: ReadyTimes = new Map()): OfferingList {
    const items = [...this.#merge().values()]
      .map(offering => {
        // The name of the price rule is nobody's business outside.
        const {
          priceRule: _rule,
          backupEngine: _engine,
          ...rest
        } = this.#complete(offering, times);
        return rest;
      })
      .sort(
        (left, right) =>
          left.category.localeCompare(right.category) ||
          left.title.localeCompare(right.title),
      );
    return {
      items,
      totalItems: items.length,
      problems: this.#clusters.flatMap(({ name, cache }) => {
        const { synced, staleSince, reason } = cache.state;
        return synced && !staleSince
          ? []
          : [
              {
                cluster: name,
                message: reason ?? 'It has not been read yet',
                ...(staleSince && { since: staleSince }),
              },
            ];
      }),
    };
  }

  find(id: string): CatalogOffering | undefined {
    const offering = this.#merge().get(id);
    return offering && this.#complete(offering, new Map());
  }

  /** Whether an environment has it now; undefined if its cluster cannot tell. */
  isIn(id: string, environment: string): boolean | undefined {
    const cluster = this.#environments.get(environment)?.cluster;
    const found = this.#clusters.find(({ name }) => name === cluster);
    if (!found) {
      return false;
    }
    return found.cache.state.synced
      ? found.cache.get(id) !== undefined
      : undefined;
  }

  /** The kinds that are offered, of one cluster. */
  kindsOf(
    cluster: string,
  ): { id: string; title: string; apiVersion: string; kind: string }[] {
    const found = this.#clusters.find(({ name }) => name === cluster);
    return [...(found?.cache ?? [])]
      .filter(({ state }) => state === 'available')
      .map(({ id, title, apiVersion, kind }) => ({
        id,
        title,
        apiVersion,
        kind,
      }));
  }

  get clusters(): readonly string[] {
    return this.#clusters.map(({ name }) => name);
  }

  /** Tells that offerings have changed. @returns A function that ends it. */
  subscribe(listener: () => void): () => void {
    const ends = this.#clusters.map(({ cache }) =>
      cache.subscribe(listener, { initial: true }),
    );
    return () => ends.forEach(end => end());
  }

  async whenSynced(signal?: AbortSignal): Promise<void> {
    await Promise.all(
      this.#clusters.map(({ cache }) => cache.whenSynced(signal)),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#clusters.map(({ cache }) => cache.release()));
  }

  /** Of several clusters, the first in the order of the environments says what an offering is. */
  #merge(): Map<string, DefinedOffering & { environments: string[] }> {
    const merged = new Map<
      string,
      DefinedOffering & { environments: string[] }
    >();
    for (const { name, cache } of this.#clusters) {
      const environments = this.#environments.all
        .filter(({ cluster }) => cluster === name)
        .map(environment => environment.name);
      for (const offering of cache) {
        const known = merged.get(offering.id);
        const usable = offering.state === 'available' ? environments : [];
        if (!known || (known.state === 'broken' && usable.length > 0)) {
          merged.set(offering.id, {
            ...offering,
            environments: [...(known?.environments ?? []), ...usable],
          });
        } else {
          known.environments.push(...usable);
        }
      }
    }
    return merged;
  }

  #complete(
    offering: DefinedOffering & { readonly environments: string[] },
    times: ReadyTimes,
  ): CatalogOffering {
    const { priceRule } = offering;
    const rule = priceRule ? this.#config.prices[priceRule] : undefined;
    const { currency } = this.#config;
    const timeToReady = times.get(offering.id);
    return {
      ...offering,
      ...(timeToReady && { timeToReady }),
      ...(rule && {
        priceFrom: {
          amount: calculateCost(rule, defaultsOf(offering.schema), currency)
            .monthly,
          currency,
        },
      }),
    };
  }
}

/** The values that the cluster would fill in. */
export function defaultsOf(
  schema: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const properties = (schema.properties ?? {}) as Record<
    string,
    Record<string, unknown>
  >;
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, property]) => {
      if (property.properties) {
        const inner = defaultsOf(property);
        return Object.keys(inner).length > 0 ? [[name, inner]] : [];
      }
      return property.default === undefined ? [] : [[name, property.default]];
    }),
  );
}
