import type { NextFunction, Request, Response, Router } from 'express';
import { ForgeError } from '../ForgeError';
import type { ForgeService } from '../ForgeService';
import { addAccountRoutes } from './accountRoutes';
import { addActionRoutes } from './actionRoutes';
import { addBranchRoutes } from './branchRoutes';
import { addCommitRoutes } from './commitRoutes';
import { addContentRoutes } from './contentRoutes';
import { sendArchive, sendRaw } from './downloads';
import { ForgeRouter } from './ForgeRouter';
import { addHookRoutes } from './hookRoutes';
import { addPullRoutes } from './pullRoutes';
import { addReleaseRoutes } from './releaseRoutes';
import { addRepositoryRoutes } from './repositoryRoutes';

/**
 * Gitea's REST API, version 1.
 *
 * @internal
 */
export function createRestRouter(service: ForgeService): Router {
  const router = new ForgeRouter(service);
  addAccountRoutes(router);
  addRepositoryRoutes(router);
  addContentRoutes(router);
  addBranchRoutes(router);
  addCommitRoutes(router);
  addPullRoutes(router);
  addActionRoutes(router);
  addHookRoutes(router);
  addReleaseRoutes(router);
  router
    .on('get', '/repos/:owner/:name/raw/*', async call => {
      const ref = call.query('ref') ?? call.repository.defaultBranch;
      await sendRaw(call.res, call.git, await call.resolve(ref), call.rest);
    })
    .on('get', '/repos/:owner/:name/archive/*', call =>
      sendArchive(call.res, call.git, call.repository.name, call.rest),
    );
  router.router.use((_req, res) => {
    res.status(404).type('text/plain').send('404 page not found\n');
  });
  router.router.use(
    (error: unknown, _req: Request, res: Response, next: NextFunction) => {
      if (res.headersSent) {
        res.destroy();
        next();
        return;
      }
      const known = error instanceof ForgeError;
      if (!known) {
        service.context.log('gitea', `request failed: ${error}`);
      }
      res
        .status(known ? error.status : 500)
        .json(
          renderApiError(
            service.url,
            known ? error.message : 'The forge failed.',
          ),
        );
    },
  );
  return router.router;
}

/** An error in Gitea's shape. @internal */
export function renderApiError(url: string, message: string) {
  return {
    ...(message === 'not found' && { errors: null }),
    message,
    url: `${url}/api/swagger`,
  };
}
