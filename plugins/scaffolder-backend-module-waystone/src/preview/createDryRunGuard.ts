import type {
  AuthService,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { templateManagementPermission } from '@backstage/plugin-scaffolder-common/alpha';
import { PermissionDeniedError } from '@waystone/access';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';

/**
 * Lets nobody but those who manage templates try a template that they send along. Previews come from the scaffolder itself,
 * in the name of a person, and are of templates in the catalog only.
 */
export function createDryRunGuard(options: {
  readonly auth: AuthService;
  readonly httpAuth: HttpAuthService;
  readonly permissions: PermissionsService;
}): Router {
  const { auth, httpAuth, permissions } = options;
  const router = PromiseRouter();
  // Not mounted on a path: Express ignores case, and what it does not match must not slip through
  router.use(async (req, _res, next) => {
    if (!/^\/+v2\/+dry-run\/*$/i.test(decode(req.path))) {
      next();
      return;
    }
    const credentials = await httpAuth.credentials(req);
    const fromScaffolder =
      auth.isPrincipal(credentials, 'user') &&
      credentials.principal.actor?.subject === 'plugin:scaffolder';
    if (!fromScaffolder) {
      const [{ result }] = await permissions.authorize(
        [{ permission: templateManagementPermission }],
        { credentials },
      );
      if (result !== AuthorizeResult.ALLOW) {
        throw new PermissionDeniedError(templateManagementPermission, {
          message: `You lack the permission ${templateManagementPermission.name}, which it takes to try templates of your own`,
        });
      }
    }
    next();
  });
  return router;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // What cannot be decoded is taken as it is
    return path;
  }
}
