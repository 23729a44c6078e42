import type {
  AuthService,
  DatabaseService,
  HttpAuthService,
  LoggerService,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { Router } from 'express';
import type { EntityChanges } from '../changes/EntityChanges';
import { createSearchRouter } from './createSearchRouter';
import { SearchIndex } from './SearchIndex';
import { SearchReader } from './SearchReader';

/** The index, which follows the catalog from the next start of `changes` on, and the routes that read it. */
export function createSearch(options: {
  readonly auth: AuthService;
  readonly changes: EntityChanges;
  readonly database: DatabaseService;
  readonly httpAuth: HttpAuthService;
  readonly logger: LoggerService;
  readonly permissions: PermissionsService;
  readonly permissionsRegistry: PermissionsRegistryService;
}): Router {
  const { auth, changes, httpAuth, ...services } = options;
  const index = SearchIndex.create(services);
  changes.subscribe(index.consumer());
  return createSearchRouter({
    auth,
    httpAuth,
    index,
    reader: SearchReader.create({ ...services, index }),
  });
}
