import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { RiDatabase2Line } from '@remixicon/react';
import { REQUEST_ANNOTATION } from '@waystone/plugin-infrastructure-common';
import {
  infrastructureApiRef,
  InfrastructureClient,
} from './api/InfrastructureClient';
import { infrastructureInbox } from './inbox/infrastructureInbox';
import { rootRouteRef } from './routes';

const infrastructureApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: infrastructureApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new InfrastructureClient({ fetchApi }),
    }),
});

const infrastructurePage = PageBlueprint.make({
  params: {
    path: '/infrastructure',
    title: 'Infrastructure',
    icon: <RiDatabase2Line />,
    routeRef: rootRouteRef,
    noHeader: true,
    loader: () =>
      import('./components/InfrastructurePage').then(m => (
        <m.InfrastructurePage />
      )),
  },
});

const infrastructureCard = EntityCardBlueprint.make({
  params: {
    type: 'content',
    filter: { kind: 'component', 'spec.type': { $in: ['service', 'website'] } },
    loader: () =>
      import('./card/InfrastructureCard').then(m => <m.InfrastructureCard />),
  },
});

const infrastructureResourceCard = EntityCardBlueprint.make({
  name: 'resource',
  params: {
    type: 'content',
    filter: entity =>
      entity.kind === 'Resource' &&
      entity.metadata.annotations?.[REQUEST_ANNOTATION] !== undefined,
    loader: () => import('./card/ResourceCard').then(m => <m.ResourceCard />),
  },
});

/**
 * Infrastructure on request.
 *
 * @public
 */
export const infrastructurePlugin = createFrontendPlugin({
  pluginId: 'infrastructure',
  title: 'Infrastructure',
  icon: <RiDatabase2Line />,
  info: { packageJson: () => import('../package.json') },
  routes: { root: rootRouteRef },
  extensions: [
    infrastructureApi,
    infrastructurePage,
    infrastructureCard,
    infrastructureResourceCard,
    infrastructureInbox,
  ],
});
