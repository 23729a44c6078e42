import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  catalogProcessingExtensionPoint,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { denialsServiceRef } from '@waystone/access';
import {
  argoCdServiceRef,
  forgesServiceRef,
  kubernetesServiceRef,
} from '@waystone/integrations';
import { ChangePublisher } from './changes/ChangePublisher';
import { EntityChanges } from './changes/EntityChanges';
import { startHistory } from './history/startHistory';
import { startImpact } from './impact/startImpact';
import { ListingTable } from './listing/ListingTable';
import { startListing } from './listing/startListing';
import { startOverview } from './overview/startOverview';
import { startOwnership } from './ownership/startOwnership';
import { ProblemsReader } from './problems/ProblemsReader';
import { StacksReader } from './problems/StacksReader';
import { startProblems } from './problems/startProblems';
import { addProcessors } from './processors/addProcessors';
import { startSearch } from './search/startSearch';
import { VisibleEntities } from './visibility/VisibleEntities';
import { startWorkloads } from './workloads/startWorkloads';

/** What Waystone adds to the catalog: how entities are read, and what its pages ask. */
export const catalogModuleWaystone = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'waystone',
  register(reg) {
    reg.registerInit({
      deps: {
        argoCd: argoCdServiceRef,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        denials: denialsServiceRef,
        events: eventsServiceRef,
        forges: forgesServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        kubernetes: kubernetesServiceRef,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        processing: catalogProcessingExtensionPoint,
        scheduler: coreServices.scheduler,
        urlReader: coreServices.urlReader,
        userInfo: coreServices.userInfo,
      },
      async init(services) {
        const { database, lifecycle, logger } = services;
        const visible = new VisibleEntities(services);
        const stacks = StacksReader.fromConfig(services.config, services);
        const problems = ProblemsReader.create({ ...services, stacks });
        const table = ListingTable.create({ database, lifecycle, logger });
        // The index first, then the others: at the first start each has to read all entities
        const changes = EntityChanges.create({
          database,
          lifecycle,
          logger,
          after: table.attempted,
        });
        changes.subscribe(new ChangePublisher(services));
        const parts = {
          ...services,
          changes,
          problems,
          stacks,
          table,
          visible,
        };

        addProcessors(parts);
        startListing(parts);
        startOverview(parts);
        startImpact(parts);
        startOwnership(parts);
        startSearch(parts);
        await startHistory(parts);
        await startProblems(parts);
        await startWorkloads(parts);
        services.httpRouter.use(services.denials.middleware);
      },
    });
  },
});
