import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DatabaseService,
  type LifecycleService,
  type LoggerService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import type { Knex } from 'knex';

/** Beside those of the catalog and of other modules in the same database. */
const MIGRATIONS_TABLE = 'waystone_listing_migrations';

const CHUNK = 1_000;
const RETRY_AFTER_MS = 5_000;

/** How long a request waits for the first filling. */
const PATIENCE_MS = 5_000;

/**
 * The table of the index, with one narrow row an entity. Triggers keep it; what was there before them is filled in at
 * the start.
 */
export class ListingTable {
  readonly #database: DatabaseService;
  readonly #logger: LoggerService;
  readonly #attempted = Promise.withResolvers<void>();
  readonly #ready = Promise.withResolvers<Knex>();
  readonly #patienceMs: number;
  #stopped = false;

  /** Prepared after the start of the plugin: before it, the catalog has no tables. */
  static create(options: {
    readonly database: DatabaseService;
    readonly lifecycle: LifecycleService;
    readonly logger: LoggerService;
  }): ListingTable {
    const table = new ListingTable(options);
    options.lifecycle.addStartupHook(() => {
      void table.prepare();
    });
    options.lifecycle.addShutdownHook(() => table.stop());
    return table;
  }

  constructor(options: {
    readonly database: DatabaseService;
    readonly logger: LoggerService;
    readonly patienceMs?: number;
  }) {
    this.#database = options.database;
    this.#logger = options.logger;
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS;
  }

  /**
   * Makes and fills the table, after the catalog made its own. Tries again until it works: other replicas may be at it,
   * or the database may be away.
   */
  async prepare(): Promise<void> {
    while (!this.#stopped) {
      try {
        const knex = await this.#database.getClient();
        if (!this.#database.migrations?.skip) {
          await migrateListing(knex);
        }
        const filled = await fillListing(knex);
        if (filled > 0) {
          this.#logger.info(`Put ${filled} entities into the catalog's index`);
        }
        this.#ready.resolve(knex);
        this.#attempted.resolve();
        return;
      } catch (error) {
        this.#logger.warn(
          `The catalog's index is not there yet, trying again in ${
            RETRY_AFTER_MS / 1000
          } s: ${error}`,
        );
        this.#attempted.resolve();
        await sleep(RETRY_AFTER_MS, undefined, { ref: false });
      }
    }
  }

  /** When it was made and filled, or that has failed for the first time. */
  get attempted(): Promise<void> {
    return this.#attempted.promise;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** @throws ServiceUnavailableError while it is being filled for the first time. */
  async client(): Promise<Knex> {
    const patience = new AbortController();
    try {
      return await Promise.race([
        this.#ready.promise,
        sleep(this.#patienceMs, undefined, { signal: patience.signal }).then(
          () => {
            throw new ServiceUnavailableError(
              'The index of the catalog is being built, which takes a few minutes at most. Try again then.',
            );
          },
        ),
      ]);
    } finally {
      patience.abort();
    }
  }
}

/** @internal */
export async function migrateListing(knex: Knex): Promise<void> {
  await knex.migrate.latest({
    directory: resolvePackagePath(
      '@waystone/plugin-catalog-backend-module-waystone',
      'migrations',
      'listing',
    ),
    tableName: MIGRATIONS_TABLE,
  });
}

/**
 * Puts entities into the table that are not in it, in steps that no statement time-out stops, and removes what is no
 * entity any more: the triggers may have been away.
 *
 * @returns How many there were.
 */
export async function fillListing(knex: Knex): Promise<number> {
  let filled = 0;
  let after = '';
  for (;;) {
    const { rows } = await knex.raw<{
      rows: { last: string | null; filled: number }[];
    }>(
      `with chunk as materialized (
         select entity_id, entity_ref, final_entity from final_entities
         where entity_id > ? order by entity_id limit ?
       ), put as materialized (
         select waystone_listing_put(c.entity_id, c.entity_ref, c.final_entity) from chunk c
         where c.final_entity is not null
           and not exists (select 1 from waystone_listing l where l.entity_id = c.entity_id)
       )
       select (select max(entity_id) from chunk) as last, (select count(*)::int from put) as filled`,
      [after, CHUNK],
    );
    const [step] = rows;
    filled += step.filled;
    if (step.last === null) {
      break;
    }
    after = step.last;
  }
  await knex.raw(
    `delete from waystone_listing l where not exists (
       select 1 from final_entities f where f.entity_id = l.entity_id and f.final_entity is not null
     )`,
  );
  if (filled > 0) {
    await knex.raw('vacuum analyze waystone_listing');
  }
  return filled;
}
