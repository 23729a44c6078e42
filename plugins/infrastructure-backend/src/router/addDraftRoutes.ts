import {
  draftSchema,
  infrastructureRequestCreatePermission,
  infrastructureRequestUpdatePermission,
  saveDraftSchema,
  submitDraftSchema,
} from '@waystone/plugin-infrastructure-common';
import type { Draft } from '@waystone/plugin-infrastructure-common';
import type { Router } from 'express';
import type { RequestRow } from '../database/RequestRow';
import type { DraftService } from '../service/DraftService';
import { parseBody, parseKey } from './parseBody';
import type { CallingUser, RequestCalls } from './RequestCalls';

/** Requests that are kept while they are written. They are read as requests are. */
export function addDraftRoutes(
  router: Router,
  options: { readonly calls: RequestCalls; readonly drafts: DraftService },
): void {
  const { calls, drafts } = options;
  const requireCreate = async (
    caller: CallingUser,
    { environment, owner }: Pick<Draft, 'environment' | 'owner'>,
  ) =>
    calls.require(caller, infrastructureRequestCreatePermission, {
      owner,
      approvers: [],
      ...(environment && { environment }),
    });
  const findOwn = async (id: string, caller: CallingUser) => {
    const row = await calls.findWithDrafts(id, caller);
    await calls.require(caller, infrastructureRequestUpdatePermission, row);
    return row;
  };
  const metaOf = ({ name, offering, owner }: RequestRow) => ({
    offering,
    name,
    owner,
  });

  router.post('/drafts', async (req, res) => {
    const draft = await calls.audited(
      req,
      { eventId: 'draft-create', meta: {} },
      async caller => {
        const body = parseBody(draftSchema, req.body);
        const idempotencyKey = parseKey(req);
        await requireCreate(caller, body);
        const { row } = await drafts.create(body, {
          requester: caller.ref,
          idempotencyKey,
        });
        return {
          result: await calls.describe(row, caller),
          meta: { request: row.id, ...metaOf(row) },
        };
      },
    );
    res.status(201).location(`requests/${draft.id}`).json(draft);
  });

  router.put('/drafts/:id', async (req, res) => {
    const { id } = req.params;
    res.json(
      await calls.audited(
        req,
        { eventId: 'draft-update', meta: { request: id } },
        async caller => {
          const known = await findOwn(id, caller);
          const { version, ...body } = parseBody(saveDraftSchema, req.body);
          await requireCreate(caller, body);
          const row = await drafts.save(known, body, {
            actor: caller.ref,
            version,
          });
          return {
            result: await calls.describe(row, caller),
            meta: metaOf(row),
          };
        },
      ),
    );
  });

  router.post('/drafts/:id/submit', async (req, res) => {
    const { id } = req.params;
    const submitted = await calls.audited(
      req,
      { eventId: 'request-create', meta: { request: id } },
      async caller => {
        const known = await findOwn(id, caller);
        const { version } = parseBody(submitDraftSchema, req.body);
        await requireCreate(caller, known);
        const row = await drafts.submit(known, { actor: caller.ref, version });
        return {
          result: await calls.describe(row, caller),
          meta: {
            ...metaOf(row),
            namespace: row.namespace,
            cluster: row.cluster,
            ...(row.component && { component: row.component }),
          },
        };
      },
    );
    res.status(202).location(`../../requests/${id}`).json(submitted);
  });

  router.delete('/drafts/:id', async (req, res) => {
    const { id } = req.params;
    res.json(
      await calls.audited(
        req,
        { eventId: 'draft-delete', meta: { request: id } },
        async caller => {
          const known = await findOwn(id, caller);
          const row = await drafts.discard(known, caller.ref);
          return {
            result: await calls.describe(row, caller),
            meta: metaOf(row),
          };
        },
      ),
    );
  });
}
