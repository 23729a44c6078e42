import {
  ApiBlueprint,
  createFrontendModule,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import techdocsPlugin from '@backstage/plugin-techdocs/alpha';
import { TechDocsAddonLocations } from '@backstage/plugin-techdocs-react';
import { AddonBlueprint } from '@backstage/plugin-techdocs-react/alpha';
import { RiArticleLine } from '@remixicon/react';
import { docsBuildApiRef, DocsBuildClient } from './api/DocsBuildClient';
import { docsSitesApiRef, DocsSitesClient } from './api/DocsSitesClient';
import { DocsStatus } from './build/DocsStatus';
import { Diagrams } from './diagrams/Diagrams';
import { feedbackInbox } from './feedback/feedbackInbox';
import { Images } from './reader/Images';
import { LinkedTabs } from './reader/LinkedTabs';

const api = ApiBlueprint.make({
  name: 'native-builds',
  params: defineParams =>
    defineParams({
      api: docsBuildApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new DocsBuildClient({ fetchApi }),
    }),
});

const status = AddonBlueprint.make({
  name: 'docs-status',
  params: {
    name: 'DocsStatus',
    location: TechDocsAddonLocations.Subheader,
    component: DocsStatus,
  },
});

const diagrams = AddonBlueprint.make({
  name: 'diagrams',
  params: {
    name: 'Diagrams',
    location: TechDocsAddonLocations.Content,
    component: Diagrams,
  },
});

const images = AddonBlueprint.make({
  name: 'images',
  params: {
    name: 'Images',
    location: TechDocsAddonLocations.Content,
    component: Images,
  },
});

const linkedTabs = AddonBlueprint.make({
  name: 'linked-tabs',
  params: {
    name: 'LinkedTabs',
    location: TechDocsAddonLocations.Content,
    component: LinkedTabs,
  },
});

const sitesApi = ApiBlueprint.make({
  name: 'native-sites',
  params: defineParams =>
    defineParams({
      api: docsSitesApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new DocsSitesClient({ fetchApi }),
    }),
});

/** In place of the page that TechDocs has there. */
const homePage = PageBlueprint.make({
  params: {
    path: '/docs',
    title: 'Docs',
    icon: <RiArticleLine />,
    routeRef: techdocsPlugin.routes.root,
    noHeader: true,
    loader: () => import('./home/DocsHome').then(m => <m.DocsHome />),
  },
});

const feedbackPage = PageBlueprint.make({
  name: 'feedback',
  params: {
    path: '/docs-feedback/:namespace/:kind/:name',
    noHeader: true,
    loader: () =>
      import('./feedback/FeedbackPage').then(m => <m.FeedbackPage />),
  },
});

/** The docs home, what owners read of their readers, and what is shown beside documentation pages. */
export const techdocsModuleNative = createFrontendModule({
  pluginId: 'techdocs',
  extensions: [
    api,
    sitesApi,
    status,
    diagrams,
    images,
    linkedTabs,
    homePage,
    feedbackPage,
    feedbackInbox,
  ],
});
