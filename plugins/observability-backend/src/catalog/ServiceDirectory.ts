import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AuthService,
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import {
  getCompoundEntityRef,
  RELATION_OWNED_BY,
  RELATION_PART_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import { toError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { EventsService } from '@backstage/plugin-events-node';
import { METRICS_SERVICE_ANNOTATION } from '@waystone/plugin-observability-common';
import { readHints } from './readHints';
import type { MetricsHints } from './readHints';

/** How often the catalog is read again. */
const PERIOD_SECONDS = 60;

/** The catalog's event that entities have changed. */
const TOPIC = 'waystone.catalog.entities';

/** Changes come in swarms, and one look answers them all. */
const DELAY_MS = 1_000;

/** How long after a failure it is tried again, doubled each time. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

const PAGE = 500;

const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'metadata.annotations',
  'metadata.tags',
  'relations',
];

/** An entity that says that it runs somewhere. */
export interface ServiceEntity {
  readonly entityRef: string;
  readonly name: string;
  readonly title: string;
  readonly owner?: string;
  readonly system?: string;
  readonly tier?: string;
  /** What it is written in, as far as it says: tags and the annotation `waystone.dev/stack`. */
  readonly stack: readonly string[];
  readonly kubernetesId?: string;
  readonly hints: MetricsHints;
}

/**
 * The entities of the catalog that run somewhere, read when they have changed.
 *
 * @remarks
 * Of several replicas one hears of a change; the others find it within a minute.
 */
export class ServiceDirectory {
  #services: readonly ServiceEntity[] = [];
  #listener = () => {};
  #timer?: ReturnType<typeof setTimeout>;

  static create(options: {
    readonly auth: AuthService;
    readonly catalog: CatalogService;
    readonly events: EventsService;
    readonly logger: LoggerService;
    readonly scheduler: SchedulerService;
  }): ServiceDirectory {
    return new ServiceDirectory(options);
  }

  readonly #options: Parameters<typeof ServiceDirectory.create>[0];

  private constructor(options: Parameters<typeof ServiceDirectory.create>[0]) {
    this.#options = options;
  }

  get services(): readonly ServiceEntity[] {
    return this.#services;
  }

  /** Begins to read, and tells when something was read. */
  async start(listener: () => void): Promise<void> {
    this.#listener = listener;
    const { events, logger, scheduler } = this.#options;
    await events.subscribe({
      id: 'observability-services',
      topics: [TOPIC],
      onEvent: async () => this.#refreshSoon(),
    });
    await scheduler.scheduleTask({
      id: 'observability-read-catalog',
      // Each replica has its own read model.
      scope: 'local',
      frequency: { seconds: PERIOD_SECONDS },
      timeout: { seconds: PERIOD_SECONDS },
      fn: async signal => {
        try {
          await this.#refreshUntilDone(signal);
        } catch (error) {
          logger.warn(
            'The catalog could not be read; services keep what is known of them',
            toError(error),
          );
        }
      },
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #refreshSoon(): void {
    this.#timer ??= setTimeout(async () => {
      this.#timer = undefined;
      try {
        await this.#refresh(AbortSignal.timeout(PERIOD_SECONDS * 1000));
      } catch (error) {
        this.#options.logger.warn(
          'The catalog could not be read after a change; it is read again within a minute',
          toError(error),
        );
      }
    }, DELAY_MS).unref();
  }

  /** At the start the catalog may not answer yet. */
  async #refreshUntilDone(signal: AbortSignal): Promise<void> {
    for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
      try {
        await this.#refresh(signal);
        return;
      } catch (error) {
        if (wait > LONGEST_WAIT_MS || signal.aborted) {
          throw error;
        }
        await sleep(wait, undefined, { signal });
      }
    }
  }

  /** Reads all of them now. */
  async #refresh(signal: AbortSignal): Promise<void> {
    const { auth, catalog } = this.#options;
    const credentials = await auth.getOwnServiceCredentials();
    const services: ServiceEntity[] = [];
    let cursor: string | undefined;
    do {
      const page = await catalog.queryEntities(
        cursor
          ? { cursor, limit: PAGE, fields: FIELDS }
          : {
              limit: PAGE,
              fields: FIELDS,
              totalItems: 'exclude',
              filter: [
                'argocd/app-name',
                'argocd/app-selector',
                'backstage.io/kubernetes-id',
                METRICS_SERVICE_ANNOTATION,
              ].map(name => ({
                kind: 'component',
                [`metadata.annotations.${name}`]: CATALOG_FILTER_EXISTS,
              })),
            },
        { credentials },
      );
      services.push(...page.items.map(toServiceEntity));
      cursor = page.pageInfo.nextCursor;
    } while (cursor && !signal.aborted);
    if (signal.aborted) {
      return;
    }
    this.#services = refuseForeign(services);
    this.#listener();
  }
}

/** @internal */
export function toServiceEntity(entity: Entity): ServiceEntity {
  const { metadata, relations = [] } = entity;
  const annotations = metadata.annotations ?? {};
  const target = (type: string, kind = '') =>
    relations.find(
      relation => relation.type === type && relation.targetRef.startsWith(kind),
    )?.targetRef;
  return {
    entityRef: stringifyEntityRef(getCompoundEntityRef(entity)),
    name: metadata.name,
    title: metadata.title ?? metadata.name,
    owner: target(RELATION_OWNED_BY),
    system: target(RELATION_PART_OF, 'system:'),
    tier: annotations['waystone.dev/tier'],
    stack: [
      ...(annotations['waystone.dev/stack'] ?? '').split(/[\s,]+/),
      ...(metadata.tags ?? []),
    ].filter(each => each !== ''),
    kubernetesId: annotations['backstage.io/kubernetes-id']?.trim(),
    hints: readHints(annotations, metadata.name),
  };
}

/**
 * Refuses annotations that claim the metrics of another owner's service: anybody can write an annotation.
 *
 * @internal
 */
export function refuseForeign(
  services: readonly ServiceEntity[],
): readonly ServiceEntity[] {
  const own = new Map<string, ServiceEntity>();
  for (const service of services) {
    const name = service.kubernetesId ?? service.name;
    if (!service.hints.claimed && !own.has(name)) {
      own.set(name, service);
    }
  }
  return services.map(service => {
    const { hints } = service;
    const [claim] = hints.services;
    const other = hints.claimed ? own.get(claim) : undefined;
    if (
      !other ||
      other.entityRef === service.entityRef ||
      (other.owner !== undefined && other.owner === service.owner)
    ) {
      return service;
    }
    return {
      ...service,
      hints: {
        ...hints,
        services: hints.services.slice(1),
        claimed: false,
        problems: [
          ...hints.problems,
          `The annotation '${METRICS_SERVICE_ANNOTATION}' is not followed: '${claim}' is the service of another owner`,
        ],
      },
    };
  });
}
