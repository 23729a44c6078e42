import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  FileReaderProcessor,
  UrlReaderProcessor,
} from '@backstage/plugin-catalog-backend';
import {
  catalogProcessingExtensionPoint,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import {
  argoCdServiceRef,
  forgesServiceRef,
  kubernetesServiceRef,
} from '@waystone/integrations';
import { catalogHistoryDeletedReadPermission } from '@waystone/plugin-catalog-overview-common';
import { ChangePublisher } from './changes/ChangePublisher';
import { EntityChanges } from './changes/EntityChanges';
import { createHistoryRouter } from './history/createHistoryRouter';
import { HistoryReader } from './history/HistoryReader';
import { HistoryRecorder } from './history/HistoryRecorder';
import { readHistoryConfig } from './history/readHistoryConfig';
import { startHistory } from './history/startHistory';
import { createImpactRouter } from './impact/createImpactRouter';
import { ImpactReader } from './impact/ImpactReader';
import { createListingRouter } from './listing/createListingRouter';
import { ListingReader } from './listing/ListingReader';
import { ListingTable } from './listing/ListingTable';
import { VisibleEntities } from './listing/VisibleEntities';
import { createOverviewRouter } from './overview/createOverviewRouter';
import { OverviewReader } from './overview/OverviewReader';
import { createOwnershipRouter } from './ownership/createOwnershipRouter';
import { OwnershipReader } from './ownership/OwnershipReader';
import { UnownedReader } from './ownership/UnownedReader';
import { ProblemsReader } from './problems/ProblemsReader';
import { StacksReader } from './problems/StacksReader';
import { startProblems } from './problems/startProblems';
import { createSearch } from './search/createSearch';
import { ExcerptFreeReader } from './processors/ExcerptFreeReader';
import { FilePlaceholderProcessor } from './processors/FilePlaceholderProcessor';
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
      async init({ catalog, database, forges, permissions, ...deps }) {
        deps.processing.addProcessor(new FilePlaceholderProcessor());
        deps.processing.addProcessor(
          new ExcerptFreeReader(new FileReaderProcessor()),
          new ExcerptFreeReader(
            new UrlReaderProcessor({
              reader: deps.urlReader,
              logger: deps.logger,
            }),
          ),
        );
        const changes = EntityChanges.create({
          database,
          lifecycle: deps.lifecycle,
          logger: deps.logger,
        });
        changes.subscribe(new HistoryRecorder());
        changes.subscribe(new ChangePublisher({ events: deps.events }));
        await startHistory({
          config: readHistoryConfig(deps.config),
          database,
          forges,
          logger: deps.logger,
          scheduler: deps.scheduler,
        });
        deps.httpRouter.use(
          createHistoryRouter({
            history: HistoryReader.create({ catalog, database, permissions }),
            httpAuth: deps.httpAuth,
          }),
        );
        deps.httpRouter.use(
          createSearch({ ...deps, changes, database, permissions }),
        );
        deps.httpRouter.use(
          createImpactRouter({
            httpAuth: deps.httpAuth,
            impact: ImpactReader.create({ catalog, database, permissions }),
          }),
        );
        deps.httpRouter.use(
          createOverviewRouter({
            httpAuth: deps.httpAuth,
            overview: OverviewReader.create({
              auth: deps.auth,
              catalog,
              database,
              permissions,
              userInfo: deps.userInfo,
            }),
          }),
        );
        deps.permissionsRegistry.addPermissions([
          catalogHistoryDeletedReadPermission,
        ]);
        const problems = ProblemsReader.create({
          database,
          permissions,
          stacks: StacksReader.fromConfig(deps.config, deps),
          userInfo: deps.userInfo,
        });
        await startProblems({
          ...deps,
          catalog,
          database,
          forges,
          permissions,
          problems,
        });
        await startWorkloads({
          ...deps,
          catalog,
          database,
          forges,
          permissions,
          problems,
        });
        const table = new ListingTable({ database, logger: deps.logger });
        // The catalog makes its tables after the modules have started.
        deps.lifecycle.addStartupHook(() => {
          void table.prepare();
        });
        deps.lifecycle.addShutdownHook(() => table.stop());
        const visible = new VisibleEntities({
          permissions,
          permissionsRegistry: deps.permissionsRegistry,
        });
        deps.httpRouter.use(
          createListingRouter({
            httpAuth: deps.httpAuth,
            listing: new ListingReader({
              problems,
              table,
              userInfo: deps.userInfo,
              visible,
            }),
          }),
        );
        deps.httpRouter.use(
          createOwnershipRouter({
            httpAuth: deps.httpAuth,
            ownership: OwnershipReader.create({
              catalog,
              problems,
              table,
              visible,
            }),
            unowned: UnownedReader.create({ table, visible }),
          }),
        );
      },
    });
  },
});
