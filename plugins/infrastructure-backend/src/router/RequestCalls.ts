import type {
  AuditorService,
  BackstageCredentials,
  HttpAuthService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { ConflictError, NotFoundError, toError } from '@backstage/errors';
import type { ResourcePermission } from '@backstage/plugin-permission-common';
import { PermissionDeniedError } from '@waystone/access';
import {
  infrastructureRequestApprovePermission,
  infrastructureRequestDeletePermission,
  infrastructureRequestReadPermission,
  infrastructureRequestRevealPermission,
  infrastructureRequestUpdatePermission,
} from '@waystone/plugin-infrastructure-common';
import type { RequestDetail } from '@waystone/plugin-infrastructure-common';
import type { Request } from 'express';
import { z } from 'zod';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import { toRequest } from '../database/RequestRow';
import type { RequestRow } from '../database/RequestRow';
import type { DayTwoService } from '../service/DayTwoService';
import type { RequestAccess } from '../service/RequestAccess';

/** Somebody who is signed in. */
export interface CallingUser {
  readonly credentials: BackstageCredentials;
  readonly ref: string;
  /** References of what they are and belong to. */
  readonly claims: readonly string[];
}

/** What all routes of requests do: who asks, whether they may, and the audit of what is written. */
export class RequestCalls {
  readonly #options: {
    readonly access: RequestAccess;
    readonly auditor: AuditorService;
    readonly dayTwo: DayTwoService;
    readonly httpAuth: HttpAuthService;
    readonly store: DatabaseRequestStore;
    readonly userInfo: UserInfoService;
  };

  constructor(options: {
    readonly access: RequestAccess;
    readonly auditor: AuditorService;
    readonly dayTwo: DayTwoService;
    readonly httpAuth: HttpAuthService;
    readonly store: DatabaseRequestStore;
    readonly userInfo: UserInfoService;
  }) {
    this.#options = options;
  }

  async user(req: Request): Promise<CallingUser> {
    const { httpAuth, userInfo } = this.#options;
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const info = await userInfo.getUserInfo(credentials);
    return {
      credentials,
      ref: info.userEntityRef,
      claims: info.ownershipEntityRefs,
    };
  }

  /**
   * A request that was submitted.
   *
   * @throws NotFoundError also for what one may not see; ConflictError for a draft.
   */
  async findVisible(id: string, caller: CallingUser): Promise<RequestRow> {
    const row = await this.findWithDrafts(id, caller);
    if (row.draft) {
      throw new ConflictError('It is a draft; submit it first');
    }
    return row;
  }

  /**
   * A request, or a draft of whoever asks or of one of their teams.
   *
   * @throws NotFoundError also for what one may not see.
   */
  async findWithDrafts(
    id: string,
    { claims, credentials, ref }: CallingUser,
  ): Promise<RequestRow> {
    const { access, store } = this.#options;
    const found = z.uuid().safeParse(id).success
      ? await store.find(id)
      : undefined;
    // Whatever the policy lets people see of requests: nobody was asked yet.
    const isTheirs =
      !found?.draft || found.requester === ref || claims.includes(found.owner);
    const row = isTheirs ? found : undefined;
    const [visible] = row
      ? await access.may(
          credentials,
          [infrastructureRequestReadPermission],
          row,
        )
      : [false];
    if (!row || !visible) {
      throw new NotFoundError(`There is no request '${id.slice(0, 40)}'`);
    }
    return row;
  }

  /** @throws PermissionDeniedError */
  async require(
    { credentials }: Pick<CallingUser, 'credentials'>,
    permission: ResourcePermission,
    row: Pick<RequestRow, 'owner' | 'approvers'> &
      Partial<Pick<RequestRow, 'environment'>>,
  ): Promise<void> {
    const [allowed] = await this.#options.access.may(
      credentials,
      [permission],
      row,
    );
    if (!allowed) {
      throw new PermissionDeniedError(permission, {
        askWhom: [row.owner],
        message: `You lack the permission ${permission.name} for what belongs to ${row.owner}`,
      });
    }
  }

  /** A write: audited with its outcome, whatever it is. */
  async audited<T>(
    req: Request,
    event: {
      readonly eventId: string;
      readonly severityLevel?: 'medium' | 'high';
      readonly meta: Record<string, string>;
    },
    action: (caller: CallingUser) => Promise<{
      readonly result: T;
      readonly meta?: Record<string, string | number>;
    }>,
  ): Promise<T> {
    const audit = await this.#options.auditor.createEvent({
      severityLevel: 'medium',
      ...event,
      request: req,
    });
    try {
      const { result, meta } = await action(await this.user(req));
      await audit.success({ ...(meta && { meta }) });
      return result;
    } catch (error) {
      await audit.fail({ error: toError(error) });
      throw error;
    }
  }

  /** The request, and what the one who asks may do with it. */
  async describe(row: RequestRow, caller: CallingUser): Promise<RequestDetail> {
    const { access, dayTwo } = this.#options;
    const [update, remove, decide, reveal] = await access.may(
      caller.credentials,
      [
        infrastructureRequestUpdatePermission,
        infrastructureRequestDeletePermission,
        infrastructureRequestApprovePermission,
        infrastructureRequestRevealPermission,
      ],
      row,
    );
    const asker = row.pending?.requestedBy ?? row.requester;
    const isOver = row.status === 'deleted' || row.status === 'rejected';
    return {
      ...toRequest(row),
      ...(row.draft && { draft: row.draft }),
      actions: {
        update: update && !isOver && row.status !== 'deleting',
        // A draft is discarded by whoever may write it.
        delete:
          (row.draft ? update : remove) && !isOver && row.status !== 'deleting',
        decide:
          decide && row.status === 'awaiting-approval' && asker !== caller.ref,
        reveal: reveal && row.ready_at !== null && !isOver,
        retry: update && (row.status === 'failed' || row.attempts > 0),
        backUp: update && dayTwo.canBackUp(row),
        rotate: update && dayTwo.canRotate(row),
      },
    };
  }
}
