import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import {
  EntityContentBlueprint,
  EntityContentLayoutBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { RiNodeTree } from '@remixicon/react';
import {
  catalogOverviewApiRef,
  CatalogOverviewClient,
} from './api/CatalogOverviewClient';

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

/**
 * What a person wants to know of an entity.
 *
 * @public
 */
export const catalogOverviewPlugin = createFrontendPlugin({
  pluginId: 'catalog-overview',
  title: 'Catalog overview',
  info: { packageJson: () => import('../package.json') },
  extensions: [catalogOverviewApi, impactContent, overviewLayout],
});
