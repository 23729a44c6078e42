import type {
  AuditorService,
  HttpAuthService,
  PermissionsService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import {
  InputError,
  NotAllowedError,
  NotFoundError,
  toError,
} from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  createRequestSchema,
  decisionSchema,
  infrastructureOfferingReadPermission,
  infrastructureRequestApprovePermission,
  infrastructureRequestCreatePermission,
  infrastructureRequestDeletePermission,
  infrastructureRequestReadPermission,
  infrastructureRequestRevealPermission,
  infrastructureRequestUpdatePermission,
  previewRequestSchema,
  requestQuerySchema,
  revealRequestSchema,
  updateRequestSchema,
} from '@waystone/plugin-infrastructure-common';
import type {
  OfferingList,
  Preview,
  RequestDetail,
  RequestEventList,
  RequestList,
  Revealed,
} from '@waystone/plugin-infrastructure-common';
import express from 'express';
import type { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import type { ConnectionReader } from '../connection/ConnectionReader';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import { toRequest } from '../database/RequestRow';
import type { RequestRow } from '../database/RequestRow';
import type { OfferingCatalog } from '../offerings/OfferingCatalog';
import type { Provisioner } from '../provisioner/Provisioner';
import { toDesiredResource } from '../provisioner/toDesiredResource';
import type { RequestAccess } from '../service/RequestAccess';
import type { RequestService } from '../service/RequestService';
import { createOpenApiDocument } from './createOpenApiDocument';
import { parseBody } from './parseBody';

/** What {@link createRouter} needs. */
export interface RouterOptions {
  readonly access: RequestAccess;
  readonly auditor: AuditorService;
  readonly connections: ConnectionReader;
  readonly httpAuth: HttpAuthService;
  readonly offerings: OfferingCatalog;
  readonly permissions: PermissionsService;
  readonly provisioner: Provisioner;
  readonly requests: RequestService;
  readonly store: DatabaseRequestStore;
  readonly userInfo: UserInfoService;
}

const keySchema = z
  .string({ error: 'is missing: send one that is new for each request' })
  .regex(
    /^[\x21-\x7e]{8,200}$/,
    'is not made of 8 to 200 printable characters',
  );

/** The HTTP routes of the plugin. */
export function createRouter(options: RouterOptions): Router {
  const { access, auditor, connections, httpAuth, offerings } = options;
  const { permissions, provisioner, requests, store, userInfo } = options;
  const router = PromiseRouter();
  router.use(express.json({ limit: '100kb' }));

  const user = async (req: Request) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const info = await userInfo.getUserInfo(credentials);
    return {
      credentials,
      ref: info.userEntityRef,
      claims: info.ownershipEntityRefs,
    };
  };
  type User = Awaited<ReturnType<typeof user>>;

  /** What one may not see is not there. */
  const findVisible = async (
    id: string,
    { credentials }: Pick<User, 'credentials'>,
  ) => {
    const row = z.uuid().safeParse(id).success
      ? await store.find(id)
      : undefined;
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
  };
  const require = async (
    { credentials }: Pick<User, 'credentials'>,
    permission: ResourcePermission,
    row: Pick<RequestRow, 'owner' | 'approvers'>,
  ) => {
    const [allowed] = await access.may(credentials, [permission], row);
    if (!allowed) {
      throw new NotAllowedError(
        `You lack the permission ${permission.name} for what belongs to ${row.owner}; ask them`,
      );
    }
  };
  /** A write: audited with its outcome, whatever it is. */
  const audited = async <T>(
    req: Request,
    event: {
      readonly eventId: string;
      readonly severityLevel?: 'medium' | 'high';
      readonly meta: Record<string, string>;
    },
    action: (caller: User) => Promise<{
      readonly result: T;
      readonly meta?: Record<string, string | number>;
    }>,
  ): Promise<T> => {
    const audit = await auditor.createEvent({
      severityLevel: 'medium',
      ...event,
      request: req,
    });
    try {
      const { result, meta } = await action(await user(req));
      await audit.success({ ...(meta && { meta }) });
      return result;
    } catch (error) {
      await audit.fail({ error: toError(error) });
      throw error;
    }
  };
  const describe = async (
    row: RequestRow,
    caller: User,
  ): Promise<RequestDetail> => {
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
      actions: {
        update: update && !isOver && row.status !== 'deleting',
        delete: remove && !isOver && row.status !== 'deleting',
        decide:
          decide && row.status === 'awaiting-approval' && asker !== caller.ref,
        reveal: reveal && row.ready_at !== null && !isOver,
        retry: update && (row.status === 'failed' || row.attempts > 0),
      },
    };
  };

  router.get('/openapi.json', (_req, res) => {
    res.json(createOpenApiDocument());
  });

  router.get('/offerings', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const [decision] = await permissions.authorize(
      [{ permission: infrastructureOfferingReadPermission }],
      { credentials },
    );
    const all =
      decision.result === AuthorizeResult.ALLOW
        ? offerings.list(await store.readyTimes())
        : { items: [], totalItems: 0, problems: [] };
    res.json(all satisfies OfferingList);
  });

  router.post('/requests/preview', async (req, res) => {
    const caller = await user(req);
    const body = parseBody(previewRequestSchema, req.body);
    if (body.requestId) {
      const row = await findVisible(body.requestId, caller);
      await require(caller, infrastructureRequestUpdatePermission, row);
    } else {
      await require(caller, infrastructureRequestCreatePermission, {
        owner: body.owner,
        approvers: [],
      });
    }
    res.json((await requests.preview(body, caller.ref)) satisfies Preview);
  });

  router.post('/requests', async (req, res) => {
    const row = await audited(
      req,
      { eventId: 'request-create', meta: {} },
      async caller => {
        const body = parseBody(createRequestSchema, req.body);
        const key = keySchema.safeParse(req.header('idempotency-key'));
        if (!key.success) {
          throw new InputError(
            `Invalid Idempotency-Key: it ${key.error.issues[0].message}`,
          );
        }
        await require(caller, infrastructureRequestCreatePermission, {
          owner: body.owner,
          approvers: [],
        });
        const { row: result, created } = await requests.create(body, {
          requester: caller.ref,
          idempotencyKey: key.data,
        });
        return {
          result: await describe(result, caller),
          meta: {
            request: result.id,
            offering: result.offering,
            name: result.name,
            namespace: result.namespace,
            cluster: result.cluster,
            owner: result.owner,
            repeated: String(!created),
          },
        };
      },
    );
    res.status(202).location(`requests/${row.id}`).json(row);
  });

  router.get('/requests', async (req, res) => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    const query = requestQuerySchema.safeParse(req.query);
    if (!query.success) {
      const [issue] = query.error.issues;
      throw new InputError(`Invalid ${issue.path.join('.')}: ${issue.message}`);
    }
    const { owner, status, q, decidable, ...rest } = query.data;
    const visible = await access.visible(
      credentials,
      infrastructureRequestReadPermission,
    );
    const decider = decidable ? await user(req) : undefined;
    const { rows, total, nextCursor } =
      visible === null
        ? { rows: [], total: 0, nextCursor: undefined }
        : await store.list({
            ...rest,
            ...(owner !== undefined && { owners: [owner].flat() }),
            ...(status !== undefined && { statuses: [status].flat() }),
            ...(q && { text: q }),
            ...(decider && {
              decidableBy: {
                user: decider.ref,
                claims: [...new Set([decider.ref, ...decider.claims])],
              },
            }),
            visible,
          });
    res.json({
      items: rows.map(toRequest),
      pageInfo: { ...(nextCursor && { nextCursor }) },
      totalItems: total,
    } satisfies RequestList);
  });

  router.get('/requests/:id', async (req, res) => {
    const caller = await user(req);
    const row = await findVisible(req.params.id, caller);
    res.json(await describe(row, caller));
  });

  router.get('/requests/:id/events', async (req, res) => {
    const caller = await user(req);
    const row = await findVisible(req.params.id, caller);
    const items = await store.events(row.id);
    res.json({ items, totalItems: items.length } satisfies RequestEventList);
  });

  router.get('/requests/:id/live', async (req, res) => {
    const caller = await user(req);
    const row = await findVisible(req.params.id, caller);
    res.json(await provisioner.describe(toDesiredResource(row)));
  });

  router.patch('/requests/:id', async (req, res) => {
    const { id } = req.params;
    res.json(
      await audited(
        req,
        { eventId: 'request-update', meta: { request: id } },
        async caller => {
          const row = await findVisible(id, caller);
          await require(caller, infrastructureRequestUpdatePermission, row);
          const body = parseBody(updateRequestSchema, req.body);
          const changed = await requests.update(row, body, caller.ref);
          return {
            result: await describe(changed, caller),
            meta: { status: changed.status, version: changed.version },
          };
        },
      ),
    );
  });

  router.delete('/requests/:id', async (req, res) => {
    const { id } = req.params;
    const result = await audited(
      req,
      {
        eventId: 'request-delete',
        severityLevel: 'high',
        meta: { request: id },
      },
      async caller => {
        const row = await findVisible(id, caller);
        await require(caller, infrastructureRequestDeletePermission, row);
        const confirm = z.string().max(253).safeParse(req.query.confirm);
        const deleted = await requests.delete(row, {
          actor: caller.ref,
          confirm: confirm.data ?? '',
        });
        return {
          result: await describe(deleted, caller),
          meta: { name: row.name, namespace: row.namespace },
        };
      },
    );
    res.status(202).json(result);
  });

  for (const decision of ['approve', 'reject'] as const) {
    router.post(`/requests/:id/${decision}`, async (req, res) => {
      const { id } = req.params;
      res.json(
        await audited(
          req,
          { eventId: `request-${decision}`, meta: { request: id } },
          async caller => {
            const row = await findVisible(id, caller);
            await require(caller, infrastructureRequestApprovePermission, row);
            const { comment } = parseBody(decisionSchema, req.body ?? {});
            const decided = await requests.decide(row, decision, {
              actor: caller.ref,
              comment,
            });
            return {
              result: await describe(decided, caller),
              meta: {
                requester: row.pending?.requestedBy ?? row.requester,
                status: decided.status,
              },
            };
          },
        ),
      );
    });
  }

  router.post('/requests/:id/retry', async (req, res) => {
    const { id } = req.params;
    res.json(
      await audited(
        req,
        { eventId: 'request-retry', meta: { request: id } },
        async caller => {
          const row = await findVisible(id, caller);
          await require(caller, infrastructureRequestUpdatePermission, row);
          const retried = await requests.retry(row, caller.ref);
          return { result: await describe(retried, caller) };
        },
      ),
    );
  });

  router.get('/requests/:id/connection', async (req, res) => {
    const caller = await user(req);
    const row = await findVisible(req.params.id, caller);
    await require(caller, infrastructureRequestRevealPermission, row);
    res.json(
      await connections.describe(
        toDesiredResource(row),
        row.connection_engine ?? undefined,
      ),
    );
  });

  router.post('/requests/:id/connection/reveal', async (req, res) => {
    const { id } = req.params;
    res.set('Cache-Control', 'no-store');
    const key = revealRequestSchema.safeParse(req.body).data?.key;
    const result = await audited(
      req,
      {
        eventId: 'connection-reveal',
        severityLevel: 'high',
        meta: { request: id, key: key ?? '' },
      },
      async caller => {
        const row = await findVisible(id, caller);
        await require(caller, infrastructureRequestRevealPermission, row);
        const body = parseBody(revealRequestSchema, req.body);
        const value = await connections.reveal(
          toDesiredResource(row),
          body.key,
        );
        await store.record(row.id, {
          actor: caller.ref,
          type: 'revealed',
          message: body.key,
        });
        return { result: { key: body.key, value } satisfies Revealed };
      },
    );
    res.json(result);
  });

  return router;
}
