import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { HomePageLayoutBlueprint } from '@backstage/plugin-home-react/alpha';
import { inboxApi } from '@waystone/plugin-inbox-react';
import { visitListener } from './visitListener';
import { notificationsSource, templateRunsSource } from './waitingSources';

const homePageLayout = HomePageLayoutBlueprint.make({
  params: { loader: () => import('./HomePage').then(m => m.HomePage) },
});

/** The home page: what is mine, what needs me, what changed. */
export const homeModule = createFrontendModule({
  pluginId: 'home',
  extensions: [
    homePageLayout,
    inboxApi,
    notificationsSource,
    templateRunsSource,
    visitListener,
  ],
});
