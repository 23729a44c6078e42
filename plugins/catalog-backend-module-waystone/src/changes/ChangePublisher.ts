import type { EventsService } from '@backstage/plugin-events-node';
import type { EntityChange, EntityChangeConsumer } from './EntityChange';

/**
 * Tells other plugins of changes, by events of Backstage under `waystone.catalog.entities`.
 *
 * @remarks
 *
 * The payload is `{ changes: { entityRef, action }[] }`. It says that something changed, not what: whoever wants to know
 * asks the catalog. Events are told once or more, and not of what was there before the start.
 */
export class ChangePublisher implements EntityChangeConsumer {
  readonly name = 'events';
  readonly version = 1;
  readonly latestOnly = true;
  readonly #events: EventsService;

  constructor(options: { readonly events: EventsService }) {
    this.#events = options.events;
  }

  async onChanges(changes: readonly EntityChange[]): Promise<void> {
    const told = changes
      .filter(({ action }) => action !== 'existing')
      .map(({ entityRef, action }) => ({ entityRef, action }));
    if (told.length === 0) return;
    await this.#events.publish({
      topic: 'waystone.catalog.entities',
      eventPayload: { changes: told },
    });
  }
}
