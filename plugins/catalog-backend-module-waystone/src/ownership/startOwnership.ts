import type {
  HttpAuthService,
  HttpRouterService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { ListingTable } from '../listing/ListingTable';
import type { ProblemsReader } from '../problems/ProblemsReader';
import type { VisibleEntities } from '../visibility/VisibleEntities';
import { createOwnershipRouter } from './createOwnershipRouter';
import { OwnershipReader } from './OwnershipReader';
import { UnownedReader } from './UnownedReader';

/** Serves who owns what, and what nobody looks after. */
export function startOwnership(options: {
  readonly catalog: CatalogService;
  readonly httpAuth: HttpAuthService;
  readonly httpRouter: HttpRouterService;
  readonly problems: ProblemsReader;
  readonly table: ListingTable;
  readonly visible: VisibleEntities;
}): void {
  const { httpAuth, httpRouter } = options;
  httpRouter.use(
    createOwnershipRouter({
      httpAuth,
      ownership: OwnershipReader.create(options),
      unowned: UnownedReader.create(options),
    }),
  );
}
