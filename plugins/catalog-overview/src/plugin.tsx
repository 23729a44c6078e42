import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  EntityContentBlueprint,
  EntityContentLayoutBlueprint,
  EntityHeaderLayoutBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import {
  RiErrorWarningLine,
  RiHistoryLine,
  RiInboxArchiveLine,
  RiNodeTree,
  RiUserUnfollowLine,
} from '@remixicon/react';
import {
  catalogOverviewApiRef,
  CatalogOverviewClient,
} from './api/CatalogOverviewClient';
import {
  catalogHistoryApiRef,
  CatalogHistoryClient,
} from './history/CatalogHistoryClient';
import { EntityHeader } from './header/EntityHeader';
import {
  catalogListingApiRef,
  CatalogListingClient,
} from './listing/CatalogListingClient';
import { removedRouteRef } from './history/removedRouteRef';
import {
  catalogOwnershipApiRef,
  CatalogOwnershipClient,
} from './ownership/CatalogOwnershipClient';
import { unownedRouteRef } from './ownership/unownedRouteRef';
import {
  catalogProblemsApiRef,
  CatalogProblemsClient,
} from './problems/CatalogProblemsClient';
import { problemsInbox } from './problems/problemsInbox';
import { problemsRouteRef } from './problems/problemsRouteRef';

const catalogOverviewApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: catalogOverviewApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new CatalogOverviewClient({ fetchApi }),
    }),
});

const impactContent = EntityContentBlueprint.make({
  name: 'impact',
  params: {
    path: '/impact',
    title: 'Impact',
    icon: <RiNodeTree />,
    filter: { kind: { $in: ['component', 'api', 'resource'] } },
    loader: () => import('./impact/ImpactTab').then(m => <m.ImpactTab />),
  },
});

const catalogHistoryApi = ApiBlueprint.make({
  name: 'history',
  params: defineParams =>
    defineParams({
      api: catalogHistoryApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new CatalogHistoryClient({ fetchApi }),
    }),
});

const historyContent = EntityContentBlueprint.make({
  name: 'history',
  params: {
    path: '/history',
    title: 'History',
    icon: <RiHistoryLine />,
    loader: () => import('./history/HistoryTab').then(m => <m.HistoryTab />),
  },
});

const removedPage = PageBlueprint.make({
  name: 'removed',
  if: { permissions: { $contains: 'catalog.history.deleted.read' } },
  params: {
    path: '/catalog-removed',
    title: 'Removed entities',
    icon: <RiInboxArchiveLine />,
    routeRef: removedRouteRef,
    noHeader: true,
    loader: () => import('./history/RemovedPage').then(m => <m.RemovedPage />),
  },
});

const catalogOwnershipApi = ApiBlueprint.make({
  name: 'ownership',
  params: defineParams =>
    defineParams({
      api: catalogOwnershipApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new CatalogOwnershipClient({ fetchApi }),
    }),
});

const ownershipLayout = EntityContentLayoutBlueprint.make({
  name: 'ownership',
  params: {
    filter: { kind: { $in: ['group', 'user'] } },
    loader: () =>
      import('./ownership/OwnershipLayout').then(m => m.OwnershipLayout),
  },
});

const unownedPage = PageBlueprint.make({
  name: 'unowned',
  params: {
    path: '/catalog-unowned',
    title: 'Unowned',
    icon: <RiUserUnfollowLine />,
    routeRef: unownedRouteRef,
    noHeader: true,
    loader: () =>
      import('./ownership/UnownedPage').then(m => <m.UnownedPage />),
  },
});

const overviewLayout = EntityContentLayoutBlueprint.make({
  name: 'overview',
  params: {
    filter: { kind: { $in: ['component', 'api', 'resource', 'system'] } },
    loader: () =>
      import('./overview/OverviewLayout').then(m => m.OverviewLayout),
  },
});

const header = EntityHeaderLayoutBlueprint.make({
  name: 'header',
  params: {
    filter: { kind: { $in: ['component', 'api', 'resource', 'system'] } },
    // Not a chunk of its own: the name would go away while it loads
    loader: async () => EntityHeader,
  },
});

const catalogListingApi = ApiBlueprint.make({
  name: 'listing',
  params: defineParams =>
    defineParams({
      api: catalogListingApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new CatalogListingClient({ fetchApi }),
    }),
});

const catalogProblemsApi = ApiBlueprint.make({
  name: 'problems',
  params: defineParams =>
    defineParams({
      api: catalogProblemsApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new CatalogProblemsClient({ fetchApi }),
    }),
});

const problemsPage = PageBlueprint.make({
  name: 'problems',
  params: {
    path: '/catalog-problems',
    title: 'Catalog problems',
    icon: <RiErrorWarningLine />,
    routeRef: problemsRouteRef,
    noHeader: true,
    loader: () =>
      import('./problems/ProblemsPage').then(m => <m.ProblemsPage />),
  },
});

/**
 * What a person wants to know of an entity.
 *
 * @public
 */
export const catalogOverviewPlugin = createFrontendPlugin({
  pluginId: 'catalog-overview',
  title: 'Catalog overview',
  info: { packageJson: () => import('../package.json') },
  routes: {
    problems: problemsRouteRef,
    removed: removedRouteRef,
    unowned: unownedRouteRef,
  },
  extensions: [
    catalogHistoryApi,
    catalogListingApi,
    catalogOverviewApi,
    catalogOwnershipApi,
    catalogProblemsApi,
    header,
    historyContent,
    impactContent,
    overviewLayout,
    ownershipLayout,
    problemsInbox,
    problemsPage,
    removedPage,
    unownedPage,
  ],
});
