import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type {
  DeferredEntity,
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import {
  finalStatuses,
  requestChangeSchema,
} from '@waystone/plugin-infrastructure-common';
import type { InfrastructureRequest } from '@waystone/plugin-infrastructure-common';
import type { RequestReader } from './RequestReader';
import { toResourceEntity } from './toResourceEntity';

/** Makes Resources of what was requested: all at a time now and then, and each as soon as it changes. */
export class InfrastructureEntityProvider implements EntityProvider {
  readonly #logger: LoggerService;
  readonly #reader: RequestReader;
  /** What was last told of each, so that what does not concern the catalog costs it nothing. */
  readonly #told = new Map<string, string>();
  #connection?: EntityProviderConnection;
  /** Changes come one after another, as they happened. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: {
    readonly logger: LoggerService;
    readonly reader: RequestReader;
  }) {
    this.#logger = options.logger;
    this.#reader = options.reader;
  }

  getProviderName(): string {
    return 'infrastructure';
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
  }

  /** Reads everything anew, for what was missed. */
  async refresh(signal?: AbortSignal): Promise<void> {
    await this.#inOrder(async connection => {
      const requests = await this.#reader.readAll(signal);
      const entities = new Map<string, DeferredEntity>();
      for (const request of requests) {
        const entity = toResourceEntity(request);
        if (entity) {
          entities.set(request.entityRef, { entity });
        }
      }
      await connection.applyMutation({
        type: 'full',
        entities: [...entities.values()],
      });
      this.#told.clear();
      for (const [ref, { entity }] of entities) {
        this.#told.set(ref, JSON.stringify(entity));
      }
    });
  }

  /** @param payload - of an event; what is none is ignored. */
  async onEvent(payload: unknown): Promise<void> {
    const change = requestChangeSchema.safeParse(payload).data;
    if (!change) {
      this.#logger.warn('An event of infrastructure is not as it should be');
      return;
    }
    try {
      await this.#inOrder(connection =>
        this.#change(connection, change.request),
      );
    } catch (error) {
      // It is read again with everything else.
      this.#logger.warn(
        `The catalog was not told of ${change.request.entityRef}`,
        toError(error),
      );
    }
  }

  async #change(
    connection: EntityProviderConnection,
    request: InfrastructureRequest,
  ): Promise<void> {
    const { entityRef } = request;
    const entity = toResourceEntity(request);
    const text = entity && JSON.stringify(entity);
    // Another replica may have told of it, so what is over is always taken away.
    const isOver = finalStatuses.includes(request.status);
    if (text ? text === this.#told.get(entityRef) : !isOver) {
      return;
    }
    await connection.applyMutation({
      type: 'delta',
      added: entity ? [{ entity }] : [],
      removed: entity ? [] : [{ entityRef }],
    });
    if (text) {
      this.#told.set(entityRef, text);
    } else {
      this.#told.delete(entityRef);
    }
  }

  #inOrder(
    task: (connection: EntityProviderConnection) => Promise<void>,
  ): Promise<void> {
    const connection = this.#connection;
    if (!connection) {
      return Promise.resolve();
    }
    const done = this.#last.then(() => task(connection));
    this.#last = done.catch(() => {
      // Whoever asked for it hears of it.
    });
    return done;
  }
}
