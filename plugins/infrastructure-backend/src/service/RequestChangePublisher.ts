import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { EventsService } from '@backstage/plugin-events-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import {
  INFRASTRUCTURE_CHANNEL,
  REQUEST_TOPIC,
} from '@waystone/plugin-infrastructure-common';
import type { RequestChange } from '@waystone/plugin-infrastructure-common';
import { toRequest } from '../database/RequestRow';
import type { RequestRow } from '../database/RequestRow';

/** Browsers are told at most so often: each reads anew what it shows. */
const PERIOD_MS = 500;

/**
 * Tells of changed requests: other plugins by events, browsers by signals.
 *
 * @remarks
 * Browsers are not told of which: everybody hears it, and not everybody may see every request.
 */
export class RequestChangePublisher {
  readonly #events: EventsService;
  readonly #logger: LoggerService;
  readonly #signals: SignalsService;
  #timer?: NodeJS.Timeout;

  constructor(options: {
    readonly events: EventsService;
    readonly logger: LoggerService;
    readonly signals: SignalsService;
  }) {
    this.#events = options.events;
    this.#logger = options.logger;
    this.#signals = options.signals;
  }

  onChange(row: RequestRow): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#report(
        this.#signals.publish({
          recipients: { type: 'broadcast' },
          channel: INFRASTRUCTURE_CHANNEL,
          message: { changedAt: new Date().toISOString() },
        }),
      );
    }, PERIOD_MS).unref();
    if (row.draft) {
      // Whoever hears it shows it to others.
      return;
    }
    this.#report(
      this.#events.publish({
        topic: REQUEST_TOPIC,
        eventPayload: { request: toRequest(row) } satisfies RequestChange,
      }),
    );
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #report(publishing: Promise<void>): void {
    publishing.catch(error =>
      this.#logger.warn(
        'Nobody could be told of a changed request',
        toError(error),
      ),
    );
  }
}
