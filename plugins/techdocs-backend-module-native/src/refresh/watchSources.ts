import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { EventsService } from '@backstage/plugin-events-node';
import { z } from 'zod';
import type { BuildQueue } from '../queue/BuildQueue';
import type { DocumentedEntities } from './DocumentedEntities';
import { PUSH_TOPICS, readPush } from './readPush';

/** Under which the catalog tells of entities that have changed. */
const ENTITIES_TOPIC = 'waystone.catalog.entities';

const entitiesSchema = z.object({
  changes: z.array(z.object({ entityRef: z.string(), action: z.string() })),
});

/** Has docs built when their repository is pushed to, and when their entity is made or changed. */
export async function watchSources(options: {
  readonly entities: DocumentedEntities;
  readonly events: EventsService;
  readonly logger: LoggerService;
  readonly queue: BuildQueue;
}): Promise<void> {
  const { entities, events, logger, queue } = options;
  await events.subscribe({
    id: 'native-docs',
    topics: [...PUSH_TOPICS, ENTITIES_TOPIC],
    async onEvent({ topic, eventPayload }) {
      if (topic === ENTITIES_TOPIC) {
        const told = entitiesSchema.safeParse(eventPayload);
        for (const { entityRef, action } of told.data?.changes ?? []) {
          if (action !== 'deleted') queue.changed(entityRef);
        }
        return;
      }
      const repositoryUrl = readPush(eventPayload);
      if (!repositoryUrl) return;
      try {
        const refs = await entities.refsIn(repositoryUrl);
        for (const entityRef of refs) queue.changed(entityRef);
      } catch (error) {
        logger.warn(
          'A push was not looked at; its docs are built with the next look at all docs',
          toError(error),
        );
      }
    },
  });
}
