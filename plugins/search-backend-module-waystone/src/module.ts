import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import {
  searchEngineRegistryExtensionPoint,
  searchIndexRegistryExtensionPoint,
} from '@backstage/plugin-search-backend-node/alpha';
import { Readable } from 'node:stream';
import { CatalogSearchClient } from './CatalogSearchClient';
import { CatalogSearchEngine } from './CatalogSearchEngine';
import { ENTITIES_TYPE } from './documentTypes';

/** Search from the index in the catalog's database. */
export const searchModuleWaystone = createBackendModule({
  pluginId: 'search',
  moduleId: 'waystone',
  register(reg) {
    reg.registerInit({
      deps: {
        auth: coreServices.auth,
        discovery: coreServices.discovery,
        engines: searchEngineRegistryExtensionPoint,
        collators: searchIndexRegistryExtensionPoint,
        scheduler: coreServices.scheduler,
      },
      async init({ auth, collators, discovery, engines, scheduler }) {
        engines.setSearchEngine(
          new CatalogSearchEngine({
            auth,
            client: new CatalogSearchClient({ auth, discovery }),
          }),
        );
        // Makes the type known. There is nothing to collate: the index follows the catalog
        collators.addCollator({
          schedule: scheduler.createScheduledTaskRunner({
            frequency: { days: 1 },
            timeout: { minutes: 1 },
          }),
          factory: {
            type: ENTITIES_TYPE,
            visibilityPermission: catalogEntityReadPermission,
            getCollator: async () => Readable.from([]),
          },
        });
      },
    });
  },
});
