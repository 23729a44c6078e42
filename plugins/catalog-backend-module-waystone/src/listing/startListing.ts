import type {
  HttpAuthService,
  HttpRouterService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { ProblemsReader } from '../problems/ProblemsReader';
import type { VisibleEntities } from '../visibility/VisibleEntities';
import { createListingRouter } from './createListingRouter';
import { ListingReader } from './ListingReader';
import type { ListingTable } from './ListingTable';

/** Serves the index of the catalog. */
export function startListing(options: {
  readonly httpAuth: HttpAuthService;
  readonly httpRouter: HttpRouterService;
  readonly problems: ProblemsReader;
  readonly table: ListingTable;
  readonly userInfo: UserInfoService;
  readonly visible: VisibleEntities;
}): void {
  const { httpAuth, httpRouter } = options;
  httpRouter.use(
    createListingRouter({ httpAuth, listing: new ListingReader(options) }),
  );
}
