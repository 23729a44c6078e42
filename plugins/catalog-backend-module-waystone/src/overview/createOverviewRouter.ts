import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { readEntityRef } from '../http/readEntityRef';
import type { OverviewReader } from './OverviewReader';

/** `GET /waystone/overview/:kind/:namespace/:name`: what the page of an entity shows beside it. */
export function createOverviewRouter(options: {
  readonly httpAuth: HttpAuthService;
  readonly overview: OverviewReader;
}): Router {
  const { httpAuth, overview } = options;
  const router = PromiseRouter();

  router.get('/waystone/overview/:kind/:namespace/:name', async (req, res) => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    const entityRef = readEntityRef(req);
    const result = await overview.read(entityRef, credentials);
    if (!result) {
      throw new NotFoundError(`There is no entity '${entityRef}'`);
    }
    res.json(result);
  });

  return router;
}
