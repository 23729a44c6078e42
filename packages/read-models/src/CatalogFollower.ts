import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AuthService,
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import type { EntityFilterQuery } from '@backstage/catalog-client';
import type { Entity } from '@backstage/catalog-model';
import { toError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { EventsService } from '@backstage/plugin-events-node';

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

/**
 * What a {@link CatalogFollower} needs.
 *
 * @public
 */
export interface CatalogFollowerOptions<T> {
  readonly auth: AuthService;
  readonly catalog: CatalogService;
  readonly events: EventsService;
  readonly logger: LoggerService;
  readonly scheduler: SchedulerService;
  /** The plugin, and what it follows, such as 'delivery' and 'services': together they name the subscription. */
  readonly pluginId: string;
  readonly what: string;
  readonly filter: EntityFilterQuery;
  /** The parts of an entity that are read. */
  readonly fields: readonly string[];
  /** What is kept of an entity. */
  readonly read: (entity: Entity) => T;
}

/**
 * Keeps what a plugin needs of some entities of the catalog, read when they have changed.
 *
 * @remarks
 * Of several replicas one hears of a change; the others find it within a minute. While the catalog cannot be read, what
 * is known is kept.
 *
 * @public
 */
export class CatalogFollower<T> {
  readonly #options: CatalogFollowerOptions<T>;
  #items: readonly T[] = [];
  #onRead = () => {};
  #timer?: ReturnType<typeof setTimeout>;

  static create<T>(options: CatalogFollowerOptions<T>): CatalogFollower<T> {
    return new CatalogFollower(options);
  }

  private constructor(options: CatalogFollowerOptions<T>) {
    this.#options = options;
  }

  /** What was read last. */
  get items(): readonly T[] {
    return this.#items;
  }

  /** Begins to read, and tells when something was read. */
  async start(onRead: () => void): Promise<void> {
    this.#onRead = onRead;
    const { events, logger, pluginId, scheduler, what } = this.#options;
    await events.subscribe({
      id: `${pluginId}-${what}`,
      topics: [TOPIC],
      onEvent: async () => this.#refreshSoon(),
    });
    await scheduler.scheduleTask({
      id: `${pluginId}-read-catalog`,
      // Each replica has its own read model.
      scope: 'local',
      frequency: { seconds: PERIOD_SECONDS },
      timeout: { seconds: PERIOD_SECONDS },
      fn: async signal => {
        try {
          await this.#refreshUntilDone(signal);
        } catch (error) {
          logger.warn(
            `The catalog could not be read; what is known of its ${what} is kept`,
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
    const { auth, catalog, filter, read } = this.#options;
    const fields = [...this.#options.fields];
    const credentials = await auth.getOwnServiceCredentials();
    const items: T[] = [];
    let cursor: string | undefined;
    do {
      const page = await catalog.queryEntities(
        cursor
          ? { cursor, limit: PAGE, fields }
          : { limit: PAGE, fields, totalItems: 'exclude', filter },
        { credentials },
      );
      items.push(...page.items.map(read));
      cursor = page.pageInfo.nextCursor;
    } while (cursor && !signal.aborted);
    if (signal.aborted) {
      return;
    }
    this.#items = items;
    this.#onRead();
  }
}
