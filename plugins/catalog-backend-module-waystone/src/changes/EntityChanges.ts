import type {
  DatabaseService,
  LifecycleService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { setTimeout } from 'node:timers/promises';
import pLimit from 'p-limit';
import { applyWaystoneMigrations } from '../database/applyWaystoneMigrations';
import { ChangeQueue } from './ChangeQueue';
import type { EntityChangeConsumer } from './EntityChange';
import { registerChangeConsumers } from './registerChangeConsumers';

const POLL_MILLISECONDS = 500;

/** How often the triggers are looked after, and rests are removed. */
const UPKEEP_MILLISECONDS = 10 * 60 * 1000;

/** How many consumers work at once: each holds one of the few connections that requests need as well. */
const MOST_AT_ONCE = 2;

/** After a failure of a consumer or of the database. */
const PAUSE_MILLISECONDS = 2000;

interface EntityChangesOptions {
  readonly database: DatabaseService;
  readonly logger: LoggerService;
}

/**
 * Tells consumers of every change of an entity, within a second of its commit.
 *
 * @remarks
 *
 * The database notes changes in the transaction that makes them, so that none is lost, whoever makes it. Of several
 * replicas, one at a time works for a consumer; all of them look for work. It needs PostgreSQL: with another database
 * nobody is told of anything.
 */
export class EntityChanges {
  readonly #options: EntityChangesOptions;
  readonly #consumers = new Map<string, EntityChangeConsumer>();
  readonly #inTurn = pLimit(MOST_AT_ONCE);
  readonly #stop = new AbortController();
  #work: Promise<void> | undefined;

  static create(
    options: EntityChangesOptions & {
      readonly lifecycle?: LifecycleService;
      /** What has to be over before the start. */
      readonly after?: Promise<void>;
    },
  ): EntityChanges {
    const changes = new EntityChanges(options);
    // After the start of the plugin: before it, the catalog has no tables
    options.lifecycle?.addStartupHook(() => {
      void Promise.resolve(options.after).then(() => changes.start());
    });
    options.lifecycle?.addShutdownHook(() => changes.stop());
    return changes;
  }

  private constructor(options: EntityChangesOptions) {
    this.#options = options;
  }

  /** Before the start. */
  subscribe(consumer: EntityChangeConsumer): void {
    if (this.#work || this.#consumers.has(consumer.name)) {
      throw new Error(
        `'${consumer.name}' subscribed to changes of entities twice, or after the start`,
      );
    }
    this.#consumers.set(consumer.name, consumer);
  }

  /** Returns at once; what fails is tried again and logged. */
  async start(): Promise<void> {
    if (this.#consumers.size > 0) {
      this.#work ??= this.#run();
    }
  }

  /** Waits for what is being delivered. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#work;
  }

  async #run(): Promise<void> {
    const { database, logger } = this.#options;
    const knex = await this.#until(() => database.getClient());
    if (!knex) {
      return;
    }
    if (knex.client.config.client !== 'pg') {
      logger.warn('Changes of entities are noted by PostgreSQL only');
      return;
    }
    const queue = new ChangeQueue(knex);
    const consumers = [...this.#consumers.values()];
    const upkeep = async () => {
      await registerChangeConsumers({ knex, consumers });
      await queue.sweep();
    };
    await this.#until(async () => {
      if (!database.migrations?.skip) {
        await applyWaystoneMigrations(knex);
      }
      await upkeep();
    });
    await Promise.all([
      this.#repeat(async () => {
        await pause(UPKEEP_MILLISECONDS, this.#stop.signal);
        if (!this.#stop.signal.aborted) {
          await upkeep();
        }
      }),
      ...consumers.map(consumer =>
        this.#repeat(async () => {
          const more = await this.#inTurn(() => this.#deliver(queue, consumer));
          if (!more) {
            await pause(POLL_MILLISECONDS, this.#stop.signal);
          }
        }),
      ),
    ]);
  }

  /** @returns Whether there may be more. */
  async #deliver(
    queue: ChangeQueue,
    consumer: EntityChangeConsumer,
  ): Promise<boolean> {
    const { logger } = this.#options;
    if (this.#stop.signal.aborted) {
      return false;
    }
    if (await queue.isWaiting(consumer.name)) {
      const onGivenUp = (ids: readonly string[]) =>
        logger.error(
          `'${consumer.name}' failed on changes ${ids.join(
            ', ',
          )} of entities until they were given up`,
        );
      const { outcome } = await queue.deliver(consumer, onGivenUp);
      return outcome === 'delivered';
    }
    return false;
  }

  /** Until it succeeds; undefined if the end comes first. */
  async #until<T>(attempt: () => Promise<T>): Promise<T | undefined> {
    let result: T | undefined;
    let done = false;
    await this.#repeat(
      async () => {
        result = await attempt();
        done = true;
      },
      () => done,
    );
    return result;
  }

  async #repeat(
    turn: () => Promise<void>,
    isDone: () => boolean = () => false,
  ): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted && !isDone()) {
      try {
        await turn();
      } catch (error) {
        this.#options.logger.error(
          `Changes of entities are delivered later: ${stringifyError(error)}`,
        );
        await pause(PAUSE_MILLISECONDS, signal);
      }
    }
  }
}

/** Until then, or the end. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal });
  } catch {
    // The end: the caller looks for it
  }
}
