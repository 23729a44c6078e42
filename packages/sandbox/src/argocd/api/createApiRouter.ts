import { json, Router } from 'express';
import type { RequestHandler } from 'express';
import { addPageRoutes } from '../pages/applicationPage';
import { sendError } from './answer';
import type { ApiContext } from './ApiContext';
import { ApiError, unauthenticated } from './ApiError';
import { addOperationRoutes } from './operationRoutes';
import { addReadRoutes } from './readRoutes';
import { addResourceRoutes } from './resourceRoutes';
import { addOpenRoutes, addSettingRoutes, isSameSecret } from './settingRoutes';
import { addStreamRoutes } from './streamRoutes';
import { addWriteRoutes } from './writeRoutes';

/** Everything but a read must say exactly `application/json`, a DELETE too. */
const requireContentType: RequestHandler = (request, response, next) => {
  if (
    request.method === 'GET' ||
    request.get('content-type') === 'application/json'
  ) {
    next();
  } else {
    response
      .status(415)
      .type('text/plain; charset=utf-8')
      .send('Invalid content type\n');
  }
};

/**
 * Argo CD's HTTP API.
 *
 * @internal
 */
export function createApiRouter(api: ApiContext): Router {
  const router = Router();
  addPageRoutes(router, api);
  router.use('/api', requireContentType);
  router.use('/api', json({ limit: '10mb', type: () => true, strict: false }));
  addOpenRoutes(router, api);
  router.use('/api', (request, response, next) => {
    const [, bearer] =
      /^Bearer (.+)$/.exec(request.get('authorization') ?? '') ?? [];
    const [, cookie] =
      /(?:^|;\s*)argocd\.token=([^;]+)/.exec(request.get('cookie') ?? '') ?? [];
    const token = bearer ?? cookie;
    // A token that is none is the same to Argo CD as no token.
    if (token === undefined || !isSameSecret(token, api.context.token)) {
      sendError(response, unauthenticated('no session information'));
    } else {
      next();
    }
  });
  addReadRoutes(router, api);
  addWriteRoutes(router, api);
  addOperationRoutes(router, api);
  addResourceRoutes(router, api);
  addStreamRoutes(router, api);
  addSettingRoutes(router, api);
  router.use('/api', (_, response) => {
    response.status(404).type('text/plain').send('Not Found\n');
  });
  router.use(
    (
      error: Error,
      _request: unknown,
      response: Parameters<typeof sendError>[0],
      _next: unknown,
    ) => sendError(response, new ApiError(3, error.message)),
  );
  return router;
}
