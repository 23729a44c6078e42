import type {
  AuthService,
  DatabaseService,
  HttpAuthService,
  HttpRouterService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { EntityChanges } from '../changes/EntityChanges';
import type { VisibleEntities } from '../visibility/VisibleEntities';
import { createSearchRouter } from './createSearchRouter';
import { SearchIndex } from './SearchIndex';
import { SearchReader } from './SearchReader';

/** Fills the index, which follows the catalog from the next start of `changes` on, and serves what it finds. */
export function startSearch(options: {
  readonly auth: AuthService;
  readonly changes: EntityChanges;
  readonly database: DatabaseService;
  readonly httpAuth: HttpAuthService;
  readonly httpRouter: HttpRouterService;
  readonly logger: LoggerService;
  readonly visible: VisibleEntities;
}): void {
  const { auth, changes, httpAuth, httpRouter } = options;
  const index = SearchIndex.create(options);
  changes.subscribe(index.consumer());
  const reader = SearchReader.create({ ...options, index });
  httpRouter.use(createSearchRouter({ auth, httpAuth, index, reader }));
}
