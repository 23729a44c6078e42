import {
  infrastructureRequestRevealPermission,
  revealRequestSchema,
} from '@waystone/plugin-infrastructure-common';
import type { Revealed } from '@waystone/plugin-infrastructure-common';
import type { Router } from 'express';
import type { ConnectionReader } from '../connection/ConnectionReader';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import { toDesiredResource } from '../provisioner/toDesiredResource';
import { parseBody } from './parseBody';
import type { RequestCalls } from './RequestCalls';

/** Connections: where they are, and their values one at a time. */
export function addConnectionRoutes(
  router: Router,
  options: {
    readonly calls: RequestCalls;
    readonly connections: ConnectionReader;
    readonly store: DatabaseRequestStore;
  },
): void {
  const { calls, connections, store } = options;

  router.get('/requests/:id/connection', async (req, res) => {
    const caller = await calls.user(req);
    const row = await calls.findVisible(req.params.id, caller);
    await calls.require(caller, infrastructureRequestRevealPermission, row);
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
    const result = await calls.audited(
      req,
      {
        eventId: 'connection-reveal',
        severityLevel: 'high',
        meta: { request: id, key: key ?? '' },
      },
      async caller => {
        const row = await calls.findVisible(id, caller);
        await calls.require(caller, infrastructureRequestRevealPermission, row);
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
}
