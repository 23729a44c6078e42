import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { RiPulseLine } from '@remixicon/react';
import {
  platformHealthApiRef,
  PlatformHealthClient,
} from './api/PlatformHealthClient';
import { rootRouteRef } from './routes';

const platformHealthApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: platformHealthApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new PlatformHealthClient({ fetchApi }),
    }),
});

const platformHealthPage = PageBlueprint.make({
  if: { permissions: { $contains: 'platform-health.system.read' } },
  params: {
    path: '/platform-health',
    title: 'Platform health',
    icon: <RiPulseLine />,
    routeRef: rootRouteRef,
    noHeader: true,
    loader: () =>
      import('./components/PlatformHealthPage').then(m => (
        <m.PlatformHealthPage />
      )),
  },
});

/**
 * The page that says how the systems behind the portal are doing.
 *
 * @public
 */
export const platformHealthPlugin = createFrontendPlugin({
  pluginId: 'platform-health',
  title: 'Platform health',
  icon: <RiPulseLine />,
  info: { packageJson: () => import('../package.json') },
  routes: { root: rootRouteRef },
  extensions: [platformHealthApi, platformHealthPage],
});
