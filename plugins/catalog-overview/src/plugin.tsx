import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  EntityContentBlueprint,
  EntityContentLayoutBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { RiErrorWarningLine, RiNodeTree } from '@remixicon/react';
import {
  catalogOverviewApiRef,
  CatalogOverviewClient,
} from './api/CatalogOverviewClient';
import {
  catalogProblemsApiRef,
  CatalogProblemsClient,
} from './problems/CatalogProblemsClient';
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

const overviewLayout = EntityContentLayoutBlueprint.make({
  name: 'overview',
  params: {
    filter: { kind: { $in: ['component', 'api', 'resource', 'system'] } },
    loader: () =>
      import('./overview/OverviewLayout').then(m => m.OverviewLayout),
  },
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
  routes: { problems: problemsRouteRef },
  extensions: [
    catalogOverviewApi,
    catalogProblemsApi,
    impactContent,
    overviewLayout,
    problemsPage,
  ],
});
