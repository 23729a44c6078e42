import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  deletedEntitiesQuerySchema,
  historyQuerySchema,
} from '@waystone/plugin-catalog-overview-common';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { z } from 'zod';
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
    const query = parseQuery(deletedEntitiesQuerySchema, req.query);
    res.json(await history.deleted(query, credentials));
  });

  router.get('/waystone/history/:kind/:namespace/:name', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const query = parseQuery(historyQuerySchema, req.query);
    const { kind, namespace, name } = req.params;
    const entityRef = `${kind}:${namespace}/${name}`.toLocaleLowerCase('en-US');
    const result = await history.read(entityRef, query, credentials);
    if (!result) {
      throw new NotFoundError(`There is no entity '${entityRef}'`);
    }
    res.json(result);
  });

  return router;
}

function parseQuery<T>(schema: z.ZodType<T>, query: unknown): T {
  const parsed = schema.safeParse(query);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      `Invalid query parameter '${issue.path.join('.')}': ${issue.message}`,
    );
  }
  return parsed.data;
}
