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
import { RiShip2Line } from '@remixicon/react';
import { deliveryApiRef, DeliveryClient } from './api/DeliveryClient';
import { deliveryInbox } from './inbox/deliveryInbox';
import { rootRouteRef } from './routes';
import { runsSomewhere } from './shared/runsSomewhere';

const deliveryApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: deliveryApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new DeliveryClient({ fetchApi }),
    }),
});

const fleetPage = PageBlueprint.make({
  params: {
    path: '/delivery',
    title: 'Delivery',
    icon: <RiShip2Line />,
    routeRef: rootRouteRef,
    noHeader: true,
    loader: () => import('./fleet/FleetPage').then(m => <m.FleetPage />),
  },
});

const deliveryContent = EntityContentBlueprint.make({
  name: 'delivery',
  params: {
    path: '/delivery',
    title: 'Delivery',
    icon: <RiShip2Line />,
    filter: runsSomewhere,
    loader: () => import('./service/DeliveryTab').then(m => <m.DeliveryTab />),
  },
});

const deliveryCard = EntityCardBlueprint.make({
  name: 'delivery',
  params: {
    type: 'info',
    filter: runsSomewhere,
    loader: () => import('./card/DeliveryCard').then(m => <m.DeliveryCard />),
  },
});

/**
 * What runs where.
 *
 * @public
 */
export const deliveryPlugin = createFrontendPlugin({
  pluginId: 'delivery',
  title: 'Delivery',
  icon: <RiShip2Line />,
  info: { packageJson: () => import('../package.json') },
  routes: { root: rootRouteRef },
  extensions: [
    deliveryApi,
    fleetPage,
    deliveryContent,
    deliveryCard,
    deliveryInbox,
  ],
});
