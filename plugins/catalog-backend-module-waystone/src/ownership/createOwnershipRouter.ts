import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import { unownedQuerySchema } from '@waystone/plugin-catalog-overview-common';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { formatCsv } from '../csv/formatCsv';
import { parseInput } from '../http/parseInput';
import { readEntityRef } from '../http/readEntityRef';
import type { OwnershipReader } from './OwnershipReader';
import type { UnownedReader } from './UnownedReader';

const COLUMNS = [
  'entityRef',
  'title',
  'kind',
  'type',
  'lifecycle',
  'tier',
  'reason',
  'owner',
] as const;

/** `GET /waystone/ownership/:kind/:namespace/:name`, and `GET /waystone/unowned` as JSON in pages or as CSV. */
export function createOwnershipRouter(options: {
  readonly httpAuth: HttpAuthService;
  readonly ownership: OwnershipReader;
  readonly unowned: UnownedReader;
}): Router {
  const { httpAuth, ownership, unowned } = options;
  const router = PromiseRouter();

  router.get('/waystone/ownership/:kind/:namespace/:name', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const entityRef = readEntityRef(req);
    if (!/^(group|user):/.test(entityRef)) {
      throw new InputError(
        `Only groups and users own something, not '${entityRef}'`,
      );
    }
    const result = await ownership.read(entityRef, credentials);
    if (!result) {
      throw new NotFoundError(`There is no entity '${entityRef}'`);
    }
    res.json(result);
  });

  router.get('/waystone/unowned', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const query = parseInput(unownedQuerySchema, req.query);
    if (req.accepts(['application/json', 'text/csv']) === 'text/csv') {
      res
        .type('text/csv')
        .attachment('unowned.csv')
        .send(formatCsv(COLUMNS, await unowned.export(query, credentials)));
      return;
    }
    res.json(await unowned.list(query, credentials));
  });

  return router;
}
