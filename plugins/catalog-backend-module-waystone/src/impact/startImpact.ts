import type {
  DatabaseService,
  HttpAuthService,
  HttpRouterService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { VisibleEntities } from '../visibility/VisibleEntities';
import { createImpactRouter } from './createImpactRouter';
import { ImpactReader } from './ImpactReader';

/** Serves what breaks with an entity, and what it needs. */
export function startImpact(options: {
  readonly catalog: CatalogService;
  readonly database: DatabaseService;
  readonly httpAuth: HttpAuthService;
  readonly httpRouter: HttpRouterService;
  readonly visible: VisibleEntities;
}): void {
  const { httpAuth, httpRouter } = options;
  httpRouter.use(
    createImpactRouter({ httpAuth, impact: ImpactReader.create(options) }),
  );
}
