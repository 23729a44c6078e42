import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { RequestStatus } from '@waystone/plugin-infrastructure-common';
import type { RequestRow } from '../database/RequestRow';

const WORDS: Partial<Record<RequestStatus, string>> = {
  ready: 'is ready',
  failed: 'could not be made',
  rejected: 'was rejected',
  drifted: 'was changed in the cluster',
  deleted: 'was deleted',
};

/** Tells people in the portal what needs them. */
export class RequestNotifier {
  readonly #notifications: NotificationService;
  readonly #logger: LoggerService;

  constructor(options: {
    readonly notifications: NotificationService;
    readonly logger: LoggerService;
  }) {
    this.#notifications = options.notifications;
    this.#logger = options.logger;
  }

  /** Tells those who may approve. */
  onAsked(row: RequestRow): void {
    if (row.status !== 'awaiting-approval' || row.approvers.length === 0) {
      return;
    }
    this.#send(row, [...row.approvers], {
      title: `${row.offering_title} '${row.name}' in ${row.environment} waits for approval`,
      exclude: row.pending?.requestedBy ?? row.requester,
      severity: 'normal',
    });
  }

  /** Tells the one who asked for it how it went. */
  onStatus(row: RequestRow, from: RequestStatus): void {
    const words = WORDS[row.status];
    // Being ready again after drift is no news.
    if (words && !(row.status === 'ready' && from === 'drifted')) {
      this.#send(row, [row.requester], {
        title: `${row.offering_title} '${row.name}' in ${row.environment} ${words}`,
        severity: row.status === 'failed' ? 'high' : 'normal',
      });
    }
  }

  /** Tells the team that something of theirs ends soon, while it can still be extended; and once more those who may decide. */
  onReminded(row: RequestRow): void {
    if (row.status === 'awaiting-approval') {
      this.onAsked(row);
      return;
    }
    this.#send(row, [row.owner, row.requester], {
      title: `${row.offering_title} '${row.name}' in ${row.environment} ends soon`,
      description: row.expires_at
        ? `It is deleted after ${row.expires_at
            .toISOString()
            .slice(0, 10)} unless you extend it`
        : undefined,
      severity: 'high',
    });
  }

  #send(
    row: RequestRow,
    recipients: string[],
    options: {
      readonly title: string;
      readonly description?: string;
      readonly exclude?: string;
      readonly severity: 'normal' | 'high';
    },
  ): void {
    const description = options.description ?? row.status_reason;
    this.#notifications
      .send({
        recipients: {
          type: 'entity',
          entityRef: recipients,
          ...(options.exclude && { excludeEntityRef: options.exclude }),
        },
        payload: {
          title: options.title,
          ...(description && { description }),
          link: `/infrastructure/requests/${row.id}`,
          severity: options.severity,
          topic: 'infrastructure',
          scope: `infrastructure ${row.id}`,
        },
      })
      .catch(error => {
        this.#logger.warn(
          `Nobody was notified of the request '${row.id}'`,
          toError(error),
        );
      });
  }
}
