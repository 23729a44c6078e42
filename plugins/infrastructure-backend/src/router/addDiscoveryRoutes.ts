import {
  adoptSchema,
  infrastructureRequestCreatePermission,
  infrastructureRequestReadPermission,
} from '@waystone/plugin-infrastructure-common';
import type { DiscoveredList } from '@waystone/plugin-infrastructure-common';
import type { Router } from 'express';
import type { ResourceDiscovery } from '../discovery/ResourceDiscovery';
import type { RequestAccess } from '../service/RequestAccess';
import type { RequestCreator } from '../service/RequestCreator';
import { parseBody, parseKey } from './parseBody';
import type { RequestCalls } from './RequestCalls';

/** What is in the clusters and not managed here. */
export function addDiscoveryRoutes(
  router: Router,
  options: {
    readonly access: RequestAccess;
    readonly calls: RequestCalls;
    readonly creator: RequestCreator;
    readonly discovery: ResourceDiscovery;
  },
): void {
  const { access, calls, creator, discovery } = options;

  router.get('/discovered', async (req, res) => {
    const { credentials } = await calls.user(req);
    // Nobody owns them here, so a condition on owners lets nothing through.
    const visible = await access.visible(
      credentials,
      infrastructureRequestReadPermission,
    );
    const items = visible === undefined ? discovery.list() : [];
    res.json({ items, totalItems: items.length } satisfies DiscoveredList);
  });

  router.post('/discovered/adopt', async (req, res) => {
    const detail = await calls.audited(
      req,
      { eventId: 'resource-adopt', meta: {} },
      async caller => {
        const body = parseBody(adoptSchema, req.body);
        const idempotencyKey = parseKey(req);
        await calls.require(caller, infrastructureRequestCreatePermission, {
          owner: body.owner,
          approvers: [],
        });
        const { row } = await creator.adopt(body, {
          requester: caller.ref,
          idempotencyKey,
        });
        return {
          result: await calls.describe(row, caller),
          meta: {
            request: row.id,
            name: row.name,
            namespace: row.namespace,
            cluster: row.cluster,
            owner: row.owner,
          },
        };
      },
    );
    res.status(202).location(`requests/${detail.id}`).json(detail);
  });
}
