import type {
  DatabaseService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { EventsService } from '@backstage/plugin-events-node';
import { z } from 'zod';

/** What Backstage's catalog publishes when two locations bring an entity of one name. It is experimental there. */
const TOPIC = 'experimental.catalog.conflict';

const conflictSchema = z.object({
  entityRef: z.string().max(1000),
  newLocationKey: z.string().max(2000),
  existingLocationKey: z.string().max(2000),
});

/** Notes which files claim a name that another file has, as the catalog itself forgets it. */
export class ConflictRecorder {
  readonly #database: DatabaseService;
  readonly #logger: LoggerService;

  constructor(options: {
    readonly database: DatabaseService;
    readonly logger: LoggerService;
  }) {
    this.#database = options.database;
    this.#logger = options.logger;
  }

  async subscribe(events: EventsService): Promise<void> {
    await events.subscribe({
      id: 'waystone-catalog-conflicts',
      topics: [TOPIC],
      onEvent: async ({ eventPayload }) => this.record(eventPayload),
    });
  }

  async record(payload: unknown): Promise<void> {
    const conflict = conflictSchema.safeParse(payload);
    if (!conflict.success) {
      return;
    }
    const { entityRef, existingLocationKey, newLocationKey } = conflict.data;
    try {
      const knex = await this.#database.getClient();
      await knex('waystone_conflicts')
        .insert({
          entity_ref: entityRef.toLocaleLowerCase('en-US'),
          claimed_by: newLocationKey,
          held_by: existingLocationKey,
          last_seen_at: new Date(),
        })
        .onConflict(['entity_ref', 'claimed_by'])
        .merge();
    } catch (error) {
      // It is published again each time that the second file is read
      this.#logger.debug('A conflict was not noted', toError(error));
    }
  }
}
