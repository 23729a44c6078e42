import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { NavContentBlueprint } from '@backstage/plugin-app-react';
import { appLayout } from './AppLayout';
import { Navigation } from './Navigation';

const navigation = NavContentBlueprint.make({
  params: { component: Navigation },
});

/** Layout and navigation of the portal. */
export const shellModule = createFrontendModule({
  pluginId: 'app',
  extensions: [appLayout, navigation],
});
