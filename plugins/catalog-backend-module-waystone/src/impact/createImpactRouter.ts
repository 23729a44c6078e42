import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { impactQuerySchema } from '@waystone/plugin-catalog-overview-common';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { parseInput } from '../http/parseInput';
import { readEntityRef } from '../http/readEntityRef';
import type { ImpactReader } from './ImpactReader';
import { toCsv } from './toCsv';

/** What an export holds at most. */
const MOST_EXPORTED = 50_000;

/** `GET /waystone/impact/:kind/:namespace/:name`, as JSON in pages, or all of it as CSV. */
export function createImpactRouter(options: {
  readonly httpAuth: HttpAuthService;
  readonly impact: ImpactReader;
}): Router {
  const { httpAuth, impact } = options;
  const router = PromiseRouter();

  router.get('/waystone/impact/:kind/:namespace/:name', async (req, res) => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    const query = parseInput(impactQuerySchema, req.query);
    const entityRef = readEntityRef(req);
    const csv = req.accepts(['application/json', 'text/csv']) === 'text/csv';
    const result = await impact.read(
      entityRef,
      csv ? { ...query, cursor: 0, limit: MOST_EXPORTED } : query,
      credentials,
    );
    if (!result) {
      throw new NotFoundError(`There is no entity '${entityRef}'`);
    }
    if (csv) {
      res
        .type('text/csv')
        .attachment(`${query.direction}-of-${req.params.name}.csv`)
        .send(toCsv(result.items));
      return;
    }
    res.json(result);
  });

  return router;
}
