import type { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  listingFieldSchema,
  listingProblemsQuerySchema,
  listingQuerySchema,
  listingValuesQuerySchema,
} from '@waystone/plugin-catalog-overview-common';
import type { ListingItem } from '@waystone/plugin-catalog-overview-common';
import express from 'express';
import type { Request, Response, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { formatCsv } from '../csv/formatCsv';
import { parseInput } from '../http/parseInput';
import type { ListingReader } from './ListingReader';

/** A thousand names of entities. */
const LARGEST_BODY = '300kb';

/**
 * `GET /waystone/listing`, as JSON in pages or all of it as CSV, `GET /waystone/listing/values/:field`, and
 * `GET /waystone/listing/problems`: how many the entities of a page have. All also take their query as the JSON body of
 * a `POST`: a thousand starred entities fit no address.
 */
export function createListingRouter(options: {
  readonly httpAuth: HttpAuthService;
  readonly listing: ListingReader;
}): Router {
  const { httpAuth, listing } = options;
  const router = PromiseRouter();
  const body = express.json({ limit: LARGEST_BODY });

  const list = async (req: Request, res: Response) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const query = parseInput(listingQuerySchema, queryOf(req), 'parameter');
    if (req.accepts(['application/json', 'text/csv']) === 'text/csv') {
      res
        .type('text/csv')
        .attachment('catalog.csv')
        .send(toCsv(await listing.export(query, credentials)));
      return;
    }
    res.json(await listing.list(query, credentials));
  };
  router.get('/waystone/listing', list);
  router.post('/waystone/listing', body, list);

  const values = async (req: Request, res: Response) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const field = parseInput(listingFieldSchema, req.params.field, 'parameter');
    const query = parseInput(
      listingValuesQuerySchema,
      queryOf(req),
      'parameter',
    );
    res.json(await listing.values(field, query, credentials));
  };
  router.get('/waystone/listing/values/:field', values);
  router.post('/waystone/listing/values/:field', body, values);

  const problems = async (req: Request, res: Response) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const query = parseInput(
      listingProblemsQuerySchema,
      queryOf(req),
      'parameter',
    );
    res.json(await listing.problems(query, credentials));
  };
  router.get('/waystone/listing/problems', problems);
  router.post('/waystone/listing/problems', body, problems);

  return router;
}

function queryOf(req: Request): unknown {
  return req.method === 'POST' ? req.body : req.query;
}

function toCsv(items: readonly ListingItem[]): string {
  return formatCsv(
    [
      'entityRef',
      'name',
      'title',
      'kind',
      'type',
      'owner',
      'system',
      'lifecycle',
      'tier',
      'tags',
      'docs',
    ],
    items.map(item => ({
      ...item,
      owner: [item.owner, ...(item.otherOwners ?? [])]
        .flatMap(owner => owner?.entityRef ?? [])
        .join(' '),
      system: item.system?.entityRef,
      tags: item.tags.join(' '),
    })),
  );
}
