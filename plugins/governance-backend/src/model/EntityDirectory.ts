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
import { KUBERNETES_ID } from '../kubernetes/readWorkload';

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
  'metadata.description',
  'metadata.annotations',
  'metadata.links',
  'metadata.tags',
  'relations',
  'spec.lifecycle',
  'spec.type',
];

/** What is kept of an entity. */
export interface GovernedEntity {
  readonly entityRef: string;
  readonly kind: string;
  readonly name: string;
  readonly title: string;
  readonly owner?: string;
  readonly system?: string;
  readonly kubernetesId?: string;
  /** Where its secrets are, and in which engine and instance. */
  readonly secrets?: {
    readonly path: string;
    readonly engine?: string;
    readonly instance?: string;
  };
  /** What scorecards look at. */
  readonly type?: string;
  readonly lifecycle?: string;
  readonly description?: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly links: number;
  readonly tags: number;
  readonly apis: number;
}

/**
 * The components of the catalog and what else runs in clusters, read when they have changed.
 *
 * @remarks
 * Of several replicas one hears of a change; the others find it within a minute.
 */
export class EntityDirectory {
  #entities: readonly GovernedEntity[] = [];
  #byRef = new Map<string, GovernedEntity>();
  #listener = () => {};
  #timer?: ReturnType<typeof setTimeout>;
  #readAt?: string;

  static create(options: {
    readonly auth: AuthService;
    readonly catalog: CatalogService;
    readonly events: EventsService;
    readonly logger: LoggerService;
    readonly scheduler: SchedulerService;
  }): EntityDirectory {
    return new EntityDirectory(options);
  }

  readonly #options: Parameters<typeof EntityDirectory.create>[0];

  private constructor(options: Parameters<typeof EntityDirectory.create>[0]) {
    this.#options = options;
  }

  get entities(): readonly GovernedEntity[] {
    return this.#entities;
  }

  /** When the catalog was last read. */
  get readAt(): string | undefined {
    return this.#readAt;
  }

  get(entityRef: string): GovernedEntity | undefined {
    return this.#byRef.get(entityRef);
  }

  /** Begins to read, and tells when something was read. */
  async start(listener: () => void): Promise<void> {
    this.#listener = listener;
    const { events, logger, scheduler } = this.#options;
    await events.subscribe({
      id: 'governance-entities',
      topics: [TOPIC],
      onEvent: async () => this.#refreshSoon(),
    });
    await scheduler.scheduleTask({
      id: 'governance-read-catalog',
      // Each replica has its own read model.
      scope: 'local',
      frequency: { seconds: PERIOD_SECONDS },
      timeout: { seconds: PERIOD_SECONDS },
      fn: async signal => {
        try {
          await this.#refreshUntilDone(signal);
        } catch (error) {
          logger.warn(
            'The catalog could not be read; what is known of it is kept',
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
    const entities: GovernedEntity[] = [];
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
                { kind: 'Component' },
                {
                  [`metadata.annotations.${KUBERNETES_ID}`]:
                    CATALOG_FILTER_EXISTS,
                },
                {
                  'metadata.annotations.vault.io/secrets-path':
                    CATALOG_FILTER_EXISTS,
                },
              ],
            },
        { credentials },
      );
      entities.push(...page.items.map(toGovernedEntity));
      cursor = page.pageInfo.nextCursor;
    } while (cursor && !signal.aborted);
    if (signal.aborted) {
      return;
    }
    this.#entities = entities;
    this.#byRef = new Map(entities.map(entity => [entity.entityRef, entity]));
    this.#readAt = new Date().toISOString();
    this.#listener();
  }
}

/** Reads what governance needs of an entity. */
export function toGovernedEntity(entity: Entity): GovernedEntity {
  const { metadata, relations = [], spec } = entity;
  const annotations = metadata.annotations ?? {};
  const target = (type: string, kind = '') =>
    relations.find(
      relation => relation.type === type && relation.targetRef.startsWith(kind),
    )?.targetRef;
  const note = (name: string) => annotations[name]?.trim() || undefined;
  const path = note('vault.io/secrets-path');
  return {
    entityRef: stringifyEntityRef(getCompoundEntityRef(entity)),
    kind: entity.kind,
    name: metadata.name,
    title: metadata.title ?? metadata.name,
    owner: target(RELATION_OWNED_BY),
    system: target(RELATION_PART_OF, 'system:'),
    kubernetesId: note(KUBERNETES_ID),
    ...(path && {
      secrets: {
        path,
        engine: note('vault.io/secrets-engine'),
        instance: note('vault.io/instance'),
      },
    }),
    type: typeof spec?.type === 'string' ? spec.type : undefined,
    lifecycle: typeof spec?.lifecycle === 'string' ? spec.lifecycle : undefined,
    description: metadata.description,
    annotations,
    links: metadata.links?.length ?? 0,
    tags: metadata.tags?.length ?? 0,
    apis: relations.filter(({ type }) => type === 'providesApi').length,
  };
}
