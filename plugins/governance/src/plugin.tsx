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
import { RiShieldCheckLine } from '@remixicon/react';
import { governanceApiRef, GovernanceClient } from './api/GovernanceClient';
import { governanceInbox } from './inbox/governanceInbox';
import { rootRouteRef } from './routes';
import { isGoverned } from './shared/isGoverned';

const governanceApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: governanceApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new GovernanceClient({ fetchApi }),
    }),
});

const governancePage = PageBlueprint.make({
  params: {
    path: '/governance',
    title: 'Governance',
    icon: <RiShieldCheckLine />,
    routeRef: rootRouteRef,
    noHeader: true,
    loader: () => import('./GovernancePage').then(m => <m.GovernancePage />),
  },
});

const governanceContent = EntityContentBlueprint.make({
  name: 'governance',
  params: {
    path: '/governance',
    title: 'Governance',
    icon: <RiShieldCheckLine />,
    filter: isGoverned,
    loader: () =>
      import('./service/GovernanceTab').then(m => <m.GovernanceTab />),
  },
});

const teamContent = EntityContentBlueprint.make({
  name: 'team',
  params: {
    path: '/governance',
    title: 'Governance',
    icon: <RiShieldCheckLine />,
    filter: { kind: 'group' },
    loader: () =>
      import('./team/TeamGovernanceTab').then(m => <m.TeamGovernanceTab />),
  },
});

const governanceCard = EntityCardBlueprint.make({
  name: 'governance',
  params: {
    type: 'info',
    filter: isGoverned,
    loader: () =>
      import('./card/GovernanceCard').then(m => <m.GovernanceCard />),
  },
});

/**
 * What breaks policies, which weaknesses run, and which secrets are old.
 *
 * @public
 */
export const governancePlugin = createFrontendPlugin({
  pluginId: 'governance',
  title: 'Governance',
  icon: <RiShieldCheckLine />,
  info: { packageJson: () => import('../package.json') },
  routes: { root: rootRouteRef },
  extensions: [
    governanceApi,
    governancePage,
    governanceContent,
    teamContent,
    governanceCard,
    governanceInbox,
  ],
});
