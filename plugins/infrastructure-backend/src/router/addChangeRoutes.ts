import {
  decisionSchema,
  infrastructureRequestApprovePermission,
  infrastructureRequestDeletePermission,
  infrastructureRequestUpdatePermission,
  updateRequestSchema,
} from '@waystone/plugin-infrastructure-common';
import type { Router } from 'express';
import { z } from 'zod';
import type { RequestService } from '../service/RequestService';
import { parseBody } from './parseBody';
import type { RequestCalls } from './RequestCalls';

/** Changes, decisions and deletions of requests. */
export function addChangeRoutes(
  router: Router,
  options: {
    readonly calls: RequestCalls;
    readonly requests: RequestService;
  },
): void {
  const { calls, requests } = options;

  router.patch('/requests/:id', async (req, res) => {
    const { id } = req.params;
    res.json(
      await calls.audited(
        req,
        { eventId: 'request-update', meta: { request: id } },
        async caller => {
          const row = await calls.findVisible(id, caller);
          await calls.require(
            caller,
            infrastructureRequestUpdatePermission,
            row,
          );
          const body = parseBody(updateRequestSchema, req.body);
          const changed = await requests.update(row, body, caller.ref);
          return {
            result: await calls.describe(changed, caller),
            meta: { status: changed.status, version: changed.version },
          };
        },
      ),
    );
  });

  router.delete('/requests/:id', async (req, res) => {
    const { id } = req.params;
    const result = await calls.audited(
      req,
      {
        eventId: 'request-delete',
        severityLevel: 'high',
        meta: { request: id },
      },
      async caller => {
        const row = await calls.findVisible(id, caller);
        await calls.require(caller, infrastructureRequestDeletePermission, row);
        const confirm = z.string().max(253).safeParse(req.query.confirm);
        const deleted = await requests.delete(row, {
          actor: caller.ref,
          confirm: confirm.data ?? '',
          finalBackup: req.query.finalBackup === 'true',
        });
        return {
          result: await calls.describe(deleted, caller),
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
        await calls.audited(
          req,
          { eventId: `request-${decision}`, meta: { request: id } },
          async caller => {
            const row = await calls.findVisible(id, caller);
            await calls.require(
              caller,
              infrastructureRequestApprovePermission,
              row,
            );
            const { comment } = parseBody(decisionSchema, req.body ?? {});
            const decided = await requests.decide(row, decision, {
              actor: caller.ref,
              comment,
            });
            return {
              result: await calls.describe(decided, caller),
              meta: {
                requester: row.pending?.requestedBy ?? row.requester,
                owner: row.owner,
                ...(row.component && { component: row.component }),
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
      await calls.audited(
        req,
        { eventId: 'request-retry', meta: { request: id } },
        async caller => {
          const row = await calls.findVisible(id, caller);
          await calls.require(
            caller,
            infrastructureRequestUpdatePermission,
            row,
          );
          const retried = await requests.retry(row, caller.ref);
          return { result: await calls.describe(retried, caller) };
        },
      ),
    );
  });
}
