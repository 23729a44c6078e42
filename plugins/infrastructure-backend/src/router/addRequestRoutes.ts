import type {
  AuthService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  createRequestSchema,
  infrastructureRequestCreatePermission,
  infrastructureRequestReadPermission,
  infrastructureRequestUpdatePermission,
  previewRequestSchema,
  requestQuerySchema,
} from '@waystone/plugin-infrastructure-common';
import type {
  Preview,
  RequestEventList,
  RequestList,
} from '@waystone/plugin-infrastructure-common';
import type { Router } from 'express';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import { toRequest } from '../database/RequestRow';
import type { Provisioner } from '../provisioner/Provisioner';
import { toDesiredResource } from '../provisioner/toDesiredResource';
import type { RequestAccess } from '../service/RequestAccess';
import type { RequestCreator } from '../service/RequestCreator';
import type { RequestPreviewer } from '../service/RequestPreviewer';
import { parseBody, parseKey } from './parseBody';
import type { RequestCalls } from './RequestCalls';

/** Previews, requests and what is known of them. */
export function addRequestRoutes(
  router: Router,
  options: {
    readonly access: RequestAccess;
    readonly auth: AuthService;
    readonly calls: RequestCalls;
    readonly creator: RequestCreator;
    readonly httpAuth: HttpAuthService;
    readonly previewer: RequestPreviewer;
    readonly provisioner: Provisioner;
    readonly store: DatabaseRequestStore;
  },
): void {
  const { access, auth, calls, creator, httpAuth, previewer } = options;
  const { provisioner, store } = options;

  router.post('/requests/preview', async (req, res) => {
    const caller = await calls.user(req);
    const body = parseBody(previewRequestSchema, req.body);
    if (body.requestId) {
      const row = await calls.findVisible(body.requestId, caller);
      await calls.require(caller, infrastructureRequestUpdatePermission, row);
    } else {
      await calls.require(caller, infrastructureRequestCreatePermission, {
        owner: body.owner,
        approvers: [],
        environment: body.environment,
      });
    }
    res.json((await previewer.preview(body, caller.ref)) satisfies Preview);
  });

  router.post('/requests', async (req, res) => {
    const row = await calls.audited(
      req,
      { eventId: 'request-create', meta: {} },
      async caller => {
        const body = parseBody(createRequestSchema, req.body);
        const idempotencyKey = parseKey(req);
        await calls.require(caller, infrastructureRequestCreatePermission, {
          owner: body.owner,
          approvers: [],
          environment: body.environment,
        });
        const { row: result, created } = await creator.create(body, {
          requester: caller.ref,
          idempotencyKey,
        });
        return {
          result: await calls.describe(result, caller),
          meta: {
            request: result.id,
            offering: result.offering,
            name: result.name,
            namespace: result.namespace,
            cluster: result.cluster,
            owner: result.owner,
            ...(result.component && { component: result.component }),
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
    const statuses = status === undefined ? undefined : [status].flat();
    const withDrafts =
      auth.isPrincipal(credentials, 'user') &&
      (statuses === undefined || statuses.includes('draft'));
    const [visible, user] = await Promise.all([
      access.visible(credentials, infrastructureRequestReadPermission),
      decidable || withDrafts ? calls.user(req) : undefined,
    ]);
    const { rows, total, nextCursor } =
      visible === null
        ? { rows: [], total: 0, nextCursor: undefined }
        : await store.list({
            ...rest,
            ...(owner !== undefined && { owners: [owner].flat() }),
            ...(statuses && { statuses }),
            ...(q && { text: q }),
            ...(decidable &&
              user && {
                decidableBy: {
                  user: user.ref,
                  claims: [...new Set([user.ref, ...user.claims])],
                },
              }),
            ...(withDrafts &&
              user && { draftsOf: { user: user.ref, claims: user.claims } }),
            visible,
          });
    res.json({
      items: rows.map(toRequest),
      pageInfo: { ...(nextCursor && { nextCursor }) },
      totalItems: total,
    } satisfies RequestList);
  });

  router.get('/requests/:id', async (req, res) => {
    const caller = await calls.user(req);
    const row = await calls.findWithDrafts(req.params.id, caller);
    res.json(await calls.describe(row, caller));
  });

  router.get('/requests/:id/events', async (req, res) => {
    const caller = await calls.user(req);
    const row = await calls.findWithDrafts(req.params.id, caller);
    const items = await store.events(row.id);
    res.json({ items, totalItems: items.length } satisfies RequestEventList);
  });

  router.get('/requests/:id/live', async (req, res) => {
    const caller = await calls.user(req);
    const row = await calls.findVisible(req.params.id, caller);
    res.json(await provisioner.describe(toDesiredResource(row)));
  });
}
