import type {
  AuthService,
  DatabaseService,
  HttpAuthService,
  HttpRouterService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { StacksReader } from '../problems/StacksReader';
import type { VisibleEntities } from '../visibility/VisibleEntities';
import { createOverviewRouter } from './createOverviewRouter';
import { OverviewReader } from './OverviewReader';

/** Serves what the page of an entity shows beside it. */
export function startOverview(options: {
  readonly auth: AuthService;
  readonly catalog: CatalogService;
  readonly database: DatabaseService;
  readonly httpAuth: HttpAuthService;
  readonly httpRouter: HttpRouterService;
  readonly stacks: StacksReader;
  readonly userInfo: UserInfoService;
  readonly visible: VisibleEntities;
}): void {
  const { httpAuth, httpRouter } = options;
  httpRouter.use(
    createOverviewRouter({
      httpAuth,
      overview: OverviewReader.create(options),
    }),
  );
}
