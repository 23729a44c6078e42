import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { RiLineChartLine } from '@remixicon/react';
import {
  observabilityApiRef,
  ObservabilityClient,
} from './api/ObservabilityClient';
import { observabilityInbox } from './inbox/observabilityInbox';
import { rootRouteRef } from './routes';
import { runsSomewhere } from './shared/runsSomewhere';

const observabilityApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: observabilityApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new ObservabilityClient({ fetchApi }),
    }),
});

const observabilityPage = PageBlueprint.make({
  params: {
    path: '/observability',
    title: 'Observability',
    icon: <RiLineChartLine />,
    routeRef: rootRouteRef,
    noHeader: true,
    loader: () =>
      import('./fleet/ObservabilityPage').then(m => <m.ObservabilityPage />),
  },
});

const observabilityContent = EntityContentBlueprint.make({
  name: 'observability',
  params: {
    path: '/observability',
    title: 'Observability',
    icon: <RiLineChartLine />,
    filter: runsSomewhere,
    loader: () =>
      import('./service/ObservabilityTab').then(m => <m.ObservabilityTab />),
  },
});

const observabilityCard = EntityCardBlueprint.make({
  name: 'observability',
  params: {
    type: 'info',
    filter: runsSomewhere,
    loader: () =>
      import('./card/ObservabilityCard').then(m => <m.ObservabilityCard />),
  },
});

/**
 * Whether services are healthy.
 *
 * @public
 */
export const observabilityPlugin = createFrontendPlugin({
  pluginId: 'observability',
  title: 'Observability',
  icon: <RiLineChartLine />,
  info: { packageJson: () => import('../package.json') },
  routes: { root: rootRouteRef },
  extensions: [
    observabilityApi,
    observabilityPage,
    observabilityContent,
    observabilityCard,
    observabilityInbox,
  ],
});
