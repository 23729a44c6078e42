import { Router } from 'express';
import type { NextFunction, Request, Response } from 'express';
import { renderMessagePage } from '../../pages/renderPage';
import { ForgeError } from '../ForgeError';
import type { ForgeService } from '../ForgeService';
import { sendArchive, sendRaw } from '../rest/downloads';
import { WebCall } from './WebCall';
import {
  renderCommit,
  renderCommits,
  renderOwner,
  renderPull,
  renderPulls,
} from './historyPages';
import { renderRepository, renderSource } from './sourcePages';
import { renderRun, renderRuns } from './runPages';

/**
 * Small pages at the addresses of Gitea's, for the links that the portal shows, and its downloads.
 *
 * @internal
 */
export function createWebRouter(service: ForgeService): Router {
  const router = Router();
  const on = (path: string, handle: (call: WebCall) => Promise<void>) => {
    router.get(path, async (req, res, next) => {
      try {
        await handle(new WebCall(service, req, res));
      } catch (error) {
        next(error);
      }
    });
  };
  const page = (
    path: string,
    answer: (call: WebCall) => Promise<string> | string,
  ) =>
    on(path, async call => {
      call.res.send(await answer(call));
    });

  page('/', call => renderOwner(call));
  page('/:owner', call => renderOwner(call));
  page('/:owner/:name', call => renderRepository(call));
  // Files are changed with git here
  on('/:owner/:name/_edit/*', async call => {
    call.res.redirect(call.url('src', 'branch', call.rest));
  });
  page('/:owner/:name/src/:kind(branch|tag|commit)/*', renderSource);
  on('/:owner/:name/raw/:kind(branch|tag|commit)/*', async call => {
    const { commit, path } = await call.resolvePath(call.rest);
    await sendRaw(call.res, call.git, commit, path);
  });
  on('/:owner/:name/archive/*', call =>
    sendArchive(call.res, call.git, call.record.name, call.rest),
  );
  page('/:owner/:name/commits/:kind(branch|tag|commit)/*', renderCommits);
  page('/:owner/:name/commit/:sha', renderCommit);
  page('/:owner/:name/pulls', renderPulls);
  on('/:owner/:name/pulls/:number.:format(diff|patch)', async call => {
    const pull = call.pull;
    call.res
      .type('text/plain')
      .send(await call.git.patch(pull.mergeBase, pull.headSha));
  });
  page('/:owner/:name/pulls/:number', renderPull);
  page('/:owner/:name/actions', renderRuns);
  page('/:owner/:name/actions/runs/:run', renderRun);
  page('/:owner/:name/actions/runs/:run/jobs/:job', renderRun);

  router.use((_req, _res, next) => next(ForgeError.notFound()));
  router.use(
    (error: unknown, _req: Request, res: Response, next: NextFunction) => {
      if (res.headersSent) {
        res.destroy();
        next();
        return;
      }
      if (!(error instanceof ForgeError)) {
        next(error);
        return;
      }
      res.status(error.status).send(
        renderMessagePage({
          title: error.status === 404 ? 'Not found' : 'Refused',
          text:
            error.status === 404
              ? 'The sandbox has no such repository, file or commit, or it is private.'
              : error.message,
          link: { href: service.url, label: 'All repositories' },
        }),
      );
    },
  );
  return router;
}
