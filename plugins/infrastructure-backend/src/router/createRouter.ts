import type {
  AuditorService,
  AuthService,
  HttpAuthService,
  PermissionsService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { infrastructureOfferingReadPermission } from '@waystone/plugin-infrastructure-common';
import type { OfferingList } from '@waystone/plugin-infrastructure-common';
import express from 'express';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { ConnectionReader } from '../connection/ConnectionReader';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import type { ResourceDiscovery } from '../discovery/ResourceDiscovery';
import type { OfferingCatalog } from '../offerings/OfferingCatalog';
import type { Provisioner } from '../provisioner/Provisioner';
import type { DayTwoService } from '../service/DayTwoService';
import type { DraftService } from '../service/DraftService';
import type { RequestAccess } from '../service/RequestAccess';
import type { RequestCreator } from '../service/RequestCreator';
import type { RequestPreviewer } from '../service/RequestPreviewer';
import type { RequestService } from '../service/RequestService';
import { addChangeRoutes } from './addChangeRoutes';
import { addConnectionRoutes } from './addConnectionRoutes';
import { addDayTwoRoutes } from './addDayTwoRoutes';
import { addDiscoveryRoutes } from './addDiscoveryRoutes';
import { addDraftRoutes } from './addDraftRoutes';
import { addRequestRoutes } from './addRequestRoutes';
import { createOpenApiDocument } from './createOpenApiDocument';
import { RequestCalls } from './RequestCalls';

/** What {@link createRouter} needs. */
export interface RouterOptions {
  readonly access: RequestAccess;
  readonly auditor: AuditorService;
  readonly auth: AuthService;
  readonly connections: ConnectionReader;
  readonly creator: RequestCreator;
  readonly dayTwo: DayTwoService;
  readonly discovery: ResourceDiscovery;
  readonly drafts: DraftService;
  readonly httpAuth: HttpAuthService;
  readonly offerings: OfferingCatalog;
  readonly permissions: PermissionsService;
  readonly previewer: RequestPreviewer;
  readonly provisioner: Provisioner;
  readonly requests: RequestService;
  readonly store: DatabaseRequestStore;
  readonly userInfo: UserInfoService;
}

/** The HTTP routes of the plugin. */
export function createRouter(options: RouterOptions): Router {
  const { httpAuth, offerings, permissions, store } = options;
  const router = PromiseRouter();
  router.use(express.json({ limit: '100kb' }));

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

  const calls = new RequestCalls(options);
  addRequestRoutes(router, { ...options, calls });
  addDraftRoutes(router, { ...options, calls });
  addChangeRoutes(router, { ...options, calls });
  addConnectionRoutes(router, { ...options, calls });
  addDayTwoRoutes(router, { ...options, calls });
  addDiscoveryRoutes(router, { ...options, calls });
  return router;
}
