import type {
  AuditorService,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { PermissionDeniedError } from '@waystone/access';
import type { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { kubernetesProxyAnyPermission } from './permissions';

/**
 * What the Kubernetes tab asks for, below `/proxy`: names as Kubernetes allows them, so nothing that is encoded.
 */
const READABLE =
  /^\/proxy\/api\/v1\/namespaces\/[a-z0-9-]+\/(?:pods\/[a-z0-9.-]+\/log|events)(?:\?[^#]*)?$/;

/** Headers that the API server takes for another caller. */
const IDENTITY = /^(?:impersonate-|x-remote-|x-forwarded-user)/;

/** What {@link createProxyGuard} needs. */
export interface ProxyGuardOptions {
  readonly auditor: AuditorService;
  readonly httpAuth: HttpAuthService;
  readonly permissions: PermissionsService;
}

/** Refuses what is asked of the proxy beyond logs and events, unless one may send anything. */
export function createProxyGuard(options: ProxyGuardOptions): Router {
  const { auditor, httpAuth, permissions } = options;
  const router = PromiseRouter();

  // Not mounted on a path: Express decodes and ignores case, and what it does not match must not slip through.
  router.use(async (req, _res, next) => {
    if (!isForProxy(req)) {
      next();
      return;
    }
    for (const name of Object.keys(req.headers)) {
      if (IDENTITY.test(name)) {
        delete req.headers[name];
      }
    }
    const upgrades = req.headers.upgrade !== undefined;
    if (req.method === 'GET' && !upgrades && isReadable(req.url)) {
      next();
      return;
    }
    const [decision] = await permissions.authorize(
      [{ permission: kubernetesProxyAnyPermission }],
      { credentials: await httpAuth.credentials(req) },
    );
    if (decision.result === AuthorizeResult.ALLOW) {
      next();
      return;
    }
    const error = new PermissionDeniedError(kubernetesProxyAnyPermission, {
      message: `Through the portal you can read the logs and events of pods. For anything else you lack the permission ${kubernetesProxyAnyPermission.name}`,
    });
    const audit = await auditor.createEvent({
      eventId: 'proxy-refused',
      request: req,
      severityLevel: 'medium',
      meta: { method: req.method },
    });
    await audit.fail({ error });
    throw error;
  });

  return router;
}

function isForProxy(req: Request): boolean {
  let path = req.path;
  try {
    path = decodeURIComponent(path);
  } catch {
    // What cannot be decoded is taken as it is.
  }
  return /^\/+proxy(?:\/|$)/i.test(path);
}

function isReadable(url: string): boolean {
  const match = READABLE.exec(url);
  return match !== null && !url.split('?')[0].includes('..');
}
