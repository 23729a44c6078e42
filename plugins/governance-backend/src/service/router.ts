import type {
  BackstageCredentials,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { BasicPermission } from '@backstage/plugin-permission-common';
import { requirePermission } from '@waystone/access';
import {
  CHECK_MOST_BYTES,
  checkRequestSchema,
  findingsQuerySchema,
  governanceFindingReadPermission,
  governanceManifestCheckPermission,
  groupsQuerySchema,
  scorecardsQuerySchema,
  secretsQuerySchema,
  trendQuerySchema,
} from '@waystone/plugin-governance-common';
import { json } from 'express';
import type { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { ManifestChecker } from '../check/ManifestChecker';
import type { FindingType } from '../model/Finding';
import type { ScorecardReader } from '../scorecards/ScorecardReader';
import type { FindingsReader } from './FindingsReader';
import { createOpenApiDocument } from './openApi';
import { parse } from './parse';
import type { SecretsReader } from './SecretsReader';

/** How long clusters have for all manifests. */
const CHECK_TIMEOUT_MS = 25_000;

/** What {@link createRouter} needs. */
export interface RouterOptions {
  readonly checker: ManifestChecker;
  readonly findings: FindingsReader;
  readonly httpAuth: HttpAuthService;
  readonly permissions: PermissionsService;
  readonly scorecards: ScorecardReader;
  readonly secrets: SecretsReader;
}

/** The HTTP routes of the plugin. */
export function createRouter(options: RouterOptions): Router {
  const { checker, findings, httpAuth, permissions, scorecards, secrets } =
    options;
  const router = PromiseRouter();

  const authorize = async (
    req: Request,
    permission: BasicPermission = governanceFindingReadPermission,
  ): Promise<BackstageCredentials> => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    await requirePermission(permissions, permission, credentials);
    return credentials;
  };

  router.get('/openapi.json', (_req, res) => {
    res.json(createOpenApiDocument());
  });

  router.get('/violations', async (req, res) => {
    const credentials = await authorize(req);
    const query = parse(findingsQuerySchema, req.query);
    res.json(await findings.violations(query, credentials));
  });

  router.get('/vulnerabilities', async (req, res) => {
    const credentials = await authorize(req);
    const query = parse(findingsQuerySchema, req.query);
    res.json(await findings.vulnerabilities(query, credentials));
  });

  router.get('/misconfigurations', async (req, res) => {
    const credentials = await authorize(req);
    const query = parse(findingsQuerySchema, req.query);
    res.json(await findings.misconfigurations(query, credentials));
  });

  const groups = (path: string, type: FindingType) =>
    router.get(`/${path}/groups`, async (req, res) => {
      const credentials = await authorize(req);
      const query = parse(groupsQuerySchema, req.query);
      res.json(await findings.groups(type, query, credentials));
    });
  groups('violations', 'violation');
  groups('vulnerabilities', 'vulnerability');
  groups('misconfigurations', 'misconfiguration');

  router.get('/policies', async (req, res) => {
    res.json(await findings.policies(await authorize(req)));
  });

  router.get('/trend', async (req, res) => {
    const credentials = await authorize(req);
    const query = parse(trendQuerySchema, req.query);
    res.json(await findings.trend(query, credentials));
  });

  router.get('/services/:namespace/:kind/:name', async (req, res) => {
    const credentials = await authorize(req);
    res.json(await findings.service(refOf(req), credentials));
  });

  router.get('/scorecards', async (req, res) => {
    const credentials = await authorize(req);
    const { owner } = parse(scorecardsQuerySchema, req.query);
    res.json(await scorecards.all(owner, credentials));
  });

  router.get('/scorecards/:namespace/:kind/:name', async (req, res) => {
    const credentials = await authorize(req);
    res.json(await scorecards.entity(refOf(req), credentials));
  });

  // Who may see secrets of something is asked for each entity.
  router.get('/secrets', async (req, res) => {
    const credentials = await authorize(req);
    const query = parse(secretsQuerySchema, req.query);
    res.json(await secrets.list(query, credentials));
  });

  router.post(
    '/check',
    async (req, _res, next) => {
      // Nobody's megabyte is read before it is known whose it is.
      await authorize(req, governanceManifestCheckPermission);
      next();
    },
    json({ limit: CHECK_MOST_BYTES }),
    async (req, res) => {
      const request = parse(checkRequestSchema, req.body, 'request');
      const gone = new AbortController();
      res.on('close', () => gone.abort());
      res.json(
        await checker.check(
          request,
          AbortSignal.any([gone.signal, AbortSignal.timeout(CHECK_TIMEOUT_MS)]),
        ),
      );
    },
  );

  return router;
}

function refOf({ params: { kind, name, namespace } }: Request): string {
  return `${kind}:${namespace}/${name}`.toLocaleLowerCase('en-US');
}
