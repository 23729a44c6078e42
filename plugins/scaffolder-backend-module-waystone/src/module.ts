import {
  coreServices,
  createBackendModule,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import {
  scaffolderActionsExtensionPoint,
  scaffolderServiceRef,
} from '@backstage/plugin-scaffolder-node';
import { scaffolderWorkspaceProviderExtensionPoint } from '@backstage/plugin-scaffolder-node/alpha';
import { denialsServiceRef } from '@waystone/access';
import {
  argoCdServiceRef,
  forgesServiceRef,
  kubernetesServiceRef,
  vaultServiceRef,
} from '@waystone/integrations';
import { readLintOptions } from '@waystone/plugin-golden-paths-common';
import { PlacementGuard } from './access/PlacementGuard';
import { createArgoCdApplicationAction } from './actions/createArgoCdApplicationAction';
import { createCatalogRegisterAction } from './actions/createCatalogRegisterAction';
import { createCompileAction } from './actions/createCompileAction';
import { createInfrastructureRequestAction } from './actions/createInfrastructureRequestAction';
import { createPlacementCheckAction } from './actions/createPlacementCheckAction';
import { createPublishRepositoryAction } from './actions/createPublishRepositoryAction';
import { createUndoRegisterAction } from './actions/createUndoRegisterAction';
import { createValidateAction } from './actions/createValidateAction';
import { createVaultSeedAction } from './actions/createVaultSeedAction';
import { createWaitHealthyAction } from './actions/createWaitHealthyAction';
import { readGoldenPathConfig } from './config/GoldenPathConfig';
import { InfrastructureRequests } from './infrastructure/InfrastructureRequests';
import { ApplicationRemover } from './inventory/ApplicationRemover';
import { createInventoryRouter } from './inventory/createInventoryRouter';
import { DatabaseInventory } from './inventory/DatabaseInventory';
import { InfrastructureRemover } from './inventory/InfrastructureRemover';
import { InventoryService } from './inventory/InventoryService';
import { LocationRemover } from './inventory/LocationRemover';
import { RepositoryRemover } from './inventory/RepositoryRemover';
import { SecretRemover } from './inventory/SecretRemover';
import { createDryRunGuard } from './preview/createDryRunGuard';
import { createTemplateGuard } from './preview/createTemplateGuard';
import { createFormRouter } from './preview/createFormRouter';
import { ManifestChecker } from './preview/ManifestChecker';
import { NameChecker } from './preview/NameChecker';
import { PreviewService } from './preview/PreviewService';
import { TemplateFiles } from './preview/TemplateFiles';
import { limitRendering } from './rendering/limitRendering';
import { findStartOfTask } from './tasks/findStartOfTask';
import { createVersionsRouter } from './versions/createVersionsRouter';
import { TemplateVersionReader } from './versions/TemplateVersionReader';
import { DatabaseWorkspaces } from './workspace/DatabaseWorkspaces';

/** The actions of golden paths, and the inventory of what runs have made. */
export const scaffolderModuleWaystone = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'waystone',
  register(reg) {
    reg.registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        argocd: argoCdServiceRef,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        discovery: coreServices.discovery,
        forges: forgesServiceRef,
        denials: denialsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        kubernetes: kubernetesServiceRef,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        reader: coreServices.urlReader,
        scaffolder: scaffolderServiceRef,
        scheduler: coreServices.scheduler,
        userInfo: coreServices.userInfo,
        vault: vaultServiceRef,
        workspaceProviders: scaffolderWorkspaceProviderExtensionPoint,
      },
      async init(deps) {
        limitRendering();
        const { actions, argocd, catalog, forges, kubernetes, vault } = deps;
        const config = readGoldenPathConfig(deps.config);
        const guard = new PlacementGuard(deps);
        const requests = new InfrastructureRequests(deps);
        const knex = await deps.database.getClient();
        const inventory = await DatabaseInventory.create({
          knex,
          migrations: resolvePackagePath(
            '@waystone/plugin-scaffolder-backend-module-waystone',
            'migrations',
          ),
        });
        const workspaces = new DatabaseWorkspaces({
          knex,
          logger: deps.logger,
        });
        deps.workspaceProviders.addProviders({ waystone: workspaces });
        await deps.scheduler.scheduleTask({
          id: 'waystone-forget-workspaces',
          frequency: { hours: 6 },
          timeout: { minutes: 5 },
          initialDelay: { minutes: 5 },
          fn: () => workspaces.forgetOld(),
        });
        actions.addActions(
          createValidateAction({ guard }),
          createPlacementCheckAction({ guard }),
          createCompileAction(config),
          createPublishRepositoryAction({ config, forges, inventory }),
          createVaultSeedAction({ config, guard, inventory, vault }),
          createInfrastructureRequestAction({ config, inventory, requests }),
          createArgoCdApplicationAction({
            config,
            guard,
            inventory,
            kubernetes,
          }),
          createWaitHealthyAction({
            argocd,
            findStart: taskId => findStartOfTask(knex, taskId),
          }),
          createCatalogRegisterAction({ catalog, inventory }),
          createUndoRegisterAction({ forges, inventory }),
        );
        // Modules come before their plugin, so these routes come before the scaffolder's
        deps.httpRouter.use(createDryRunGuard(deps));
        deps.httpRouter.use(
          createTemplateGuard({ ...deps, lint: readLintOptions(deps.config) }),
        );
        deps.httpRouter.use(
          createFormRouter({
            defaultForge: config.forge,
            forges,
            httpAuth: deps.httpAuth,
            names: new NameChecker({ ...deps, config }),
            previews: new PreviewService({
              ...deps,
              checker: new ManifestChecker({
                environments: config.environments,
                kubernetes,
              }),
              files: new TemplateFiles(deps),
              requests,
            }),
          }),
        );
        deps.httpRouter.use(
          createVersionsRouter({
            ...deps,
            versions: new TemplateVersionReader(deps),
          }),
        );
        deps.httpRouter.use(
          createInventoryRouter({
            ...deps,
            inventory: new InventoryService({
              inventory,
              workspaces,
              removers: {
                repository: new RepositoryRemover({ forges }),
                secret: new SecretRemover({ vault }),
                'infrastructure-request': new InfrastructureRemover({
                  requests,
                }),
                'argocd-application': new ApplicationRemover({ kubernetes }),
                'catalog-location': new LocationRemover(deps),
              },
            }),
          }),
        );
        deps.httpRouter.use(deps.denials.middleware);
      },
    });
  },
});
