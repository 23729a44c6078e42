import { createBackendModule } from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { FilePlaceholderProcessor } from './processors/FilePlaceholderProcessor';

/** What Waystone adds to the catalog's reading of entities. */
export const catalogModuleWaystone = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'waystone',
  register(reg) {
    reg.registerInit({
      deps: { catalog: catalogProcessingExtensionPoint },
      async init({ catalog }) {
        catalog.addProcessor(new FilePlaceholderProcessor());
      },
    });
  },
});
