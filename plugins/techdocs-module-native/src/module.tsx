import {
  ApiBlueprint,
  createFrontendModule,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { TechDocsAddonLocations } from '@backstage/plugin-techdocs-react';
import { AddonBlueprint } from '@backstage/plugin-techdocs-react/alpha';
import { docsBuildApiRef, DocsBuildClient } from './api/DocsBuildClient';
import { DocsStatus } from './build/DocsStatus';
import { Diagrams } from './diagrams/Diagrams';

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

/** What Waystone shows beside documentation pages. */
export const techdocsModuleNative = createFrontendModule({
  pluginId: 'techdocs',
  extensions: [api, status, diagrams],
});
