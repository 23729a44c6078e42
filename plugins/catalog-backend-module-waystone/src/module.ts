import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  catalogProcessingExtensionPoint,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import { createImpactRouter } from './impact/createImpactRouter';
import { ImpactReader } from './impact/ImpactReader';
import { FilePlaceholderProcessor } from './processors/FilePlaceholderProcessor';

/** What Waystone adds to the catalog: how entities are read, and what its pages ask. */
export const catalogModuleWaystone = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'waystone',
  register(reg) {
    reg.registerInit({
      deps: {
        catalog: catalogServiceRef,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        permissions: coreServices.permissions,
        processing: catalogProcessingExtensionPoint,
      },
      async init({ catalog, database, permissions, ...deps }) {
        deps.processing.addProcessor(new FilePlaceholderProcessor());
        deps.httpRouter.use(
          createImpactRouter({
            httpAuth: deps.httpAuth,
            impact: ImpactReader.create({ catalog, database, permissions }),
          }),
        );
      },
    });
  },
});
