import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  deletedEntitiesQuerySchema,
  historyQuerySchema,
} from '@waystone/plugin-catalog-overview-common';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { parseInput } from '../http/parseInput';
import { readEntityRef } from '../http/readEntityRef';
import type { HistoryReader } from './HistoryReader';

/** `GET /waystone/history/:kind/:namespace/:name`, and `GET /waystone/history` of entities that are gone. */
export function createHistoryRouter(options: {
  readonly history: HistoryReader;
  readonly httpAuth: HttpAuthService;
}): Router {
  const { history, httpAuth } = options;
  const router = PromiseRouter();

  router.get('/waystone/history', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const query = parseInput(deletedEntitiesQuerySchema, req.query);
    res.json(await history.deleted(query, credentials));
  });

  router.get('/waystone/history/:kind/:namespace/:name', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const query = parseInput(historyQuerySchema, req.query);
    const entityRef = readEntityRef(req);
    const result = await history.read(entityRef, query, credentials);
    if (!result) {
      throw new NotFoundError(`There is no entity '${entityRef}'`);
    }
    res.json(result);
  });

  return router;
}
