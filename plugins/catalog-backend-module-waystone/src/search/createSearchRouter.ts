import type {
  AuthService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError } from '@backstage/errors';
import {
  searchDocumentsInputSchema,
  searchQuerySchema,
} from '@waystone/plugin-search-common';
import express from 'express';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { parseInput } from '../http/parseInput';
import type { SearchIndex } from './SearchIndex';
import type { SearchReader } from './SearchReader';

/** The plugin that may hand in documents, and ask for those of other plugins: it knows who may read them. */
const SEARCH_PLUGIN = 'plugin:search';

/** The types that everybody may ask for, and that nobody may hand in but the catalog itself. */
const ENTITY_TYPES = ['entity', 'operation'];
const CATALOG_TYPES = [...ENTITY_TYPES, 'docs'];

/** A batch of sections of docs. */
const LARGEST_BATCH = '32mb';

/** `GET /waystone/search`, and `POST /waystone/search/documents/:type` for the search plugin. */
export function createSearchRouter(options: {
  readonly auth: AuthService;
  readonly httpAuth: HttpAuthService;
  readonly index: SearchIndex;
  readonly reader: SearchReader;
}): Router {
  const { auth, httpAuth, index, reader } = options;
  const router = PromiseRouter();

  router.get('/waystone/search', async (req, res) => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    const query = parseInput(searchQuerySchema, req.query);
    const foreign = query.types?.find(type => !CATALOG_TYPES.includes(type));
    if (
      foreign !== undefined &&
      !(
        auth.isPrincipal(credentials, 'user') &&
        credentials.principal.actor?.subject === SEARCH_PLUGIN
      )
    ) {
      throw new NotAllowedError(
        `Documents of type '${foreign}' are asked for at /api/search/query`,
      );
    }
    res.json(await reader.search(query, credentials));
  });

  router.post(
    '/waystone/search/documents/:type',
    express.json({ limit: LARGEST_BATCH }),
    async (req, res) => {
      const credentials = await httpAuth.credentials(req, {
        allow: ['service'],
      });
      const { type } = req.params;
      if (credentials.principal.subject !== SEARCH_PLUGIN) {
        throw new NotAllowedError(
          `'${credentials.principal.subject}' may not hand in documents; the search plugin does, from collators`,
        );
      }
      if (ENTITY_TYPES.includes(type)) {
        throw new InputError(`Documents of type '${type}' are the catalog's`);
      }
      await index.put(
        type,
        parseInput(searchDocumentsInputSchema, req.body, 'body'),
      );
      res.status(204).end();
    },
  );

  return router;
}
