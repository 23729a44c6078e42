import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { RiFileList3Line } from '@remixicon/react';
import { auditApiRef, AuditClient } from './api/AuditClient';
import { rootRouteRef } from './routes';

const auditApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: auditApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new AuditClient({ fetchApi }),
    }),
});

const auditPage = PageBlueprint.make({
  if: { permissions: { $contains: 'audit.event.read' } },
  params: {
    path: '/audit',
    title: 'Audit',
    icon: <RiFileList3Line />,
    routeRef: rootRouteRef,
    noHeader: true,
    loader: () => import('./page/AuditPage').then(m => <m.AuditPage />),
  },
});

const auditContent = EntityContentBlueprint.make({
  name: 'audit',
  params: {
    path: '/audit',
    title: 'Audit',
    icon: <RiFileList3Line />,
    filter: {
      kind: {
        $in: ['component', 'api', 'resource', 'system', 'domain', 'template'],
      },
    },
    loader: () => import('./entity/AuditTab').then(m => <m.AuditTab />),
  },
});

/**
 * Who did what through the portal.
 *
 * @public
 */
export const auditPlugin = createFrontendPlugin({
  pluginId: 'audit',
  title: 'Audit',
  icon: <RiFileList3Line />,
  info: { packageJson: () => import('../package.json') },
  routes: { root: rootRouteRef },
  extensions: [auditApi, auditPage, auditContent],
});
