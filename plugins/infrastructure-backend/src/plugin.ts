import {
  coreServices,
  createBackendPlugin,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { readEnvironments } from '@waystone/environments';
import { kubernetesServiceRef } from '@waystone/integrations';
import {
  infrastructureOfferingReadPermission,
  infrastructureRequestPermissions,
} from '@waystone/plugin-infrastructure-common';
import { readInfrastructureConfig } from './config/InfrastructureConfig';
import { checkConnection } from './connection/checkConnection';
import { ConnectionReader } from './connection/ConnectionReader';
import { DatabaseRequestStore } from './database/DatabaseRequestStore';
import { TeamDirectory } from './directory/TeamDirectory';
import { OfferingCatalog } from './offerings/OfferingCatalog';
import { CrossplaneProvisioner } from './provisioner/CrossplaneProvisioner';
import { createRouter } from './router/createRouter';
import {
  infrastructureRequestResourceRef,
  infrastructureRequestRules,
} from './rules';
import { RequestAccess } from './service/RequestAccess';
import { RequestNotifier } from './service/RequestNotifier';
import { RequestService } from './service/RequestService';
import { ClusterWatch } from './worker/ClusterWatch';
import { RequestWorker } from './worker/RequestWorker';

/**
 * Infrastructure on request.
 *
 * @public
 */
export const infrastructurePlugin = createBackendPlugin({
  pluginId: 'infrastructure',
  register(env) {
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        kubernetes: kubernetesServiceRef,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        userInfo: coreServices.userInfo,
      },
      async init(deps) {
        const { kubernetes, logger, permissionsRegistry } = deps;
        const config = readInfrastructureConfig(deps.config);
        const environments = readEnvironments(deps.config);
        const store = await DatabaseRequestStore.create({
          knex: await deps.database.getClient(),
          ...(!deps.database.migrations?.skip && {
            migrations: resolvePackagePath(
              '@waystone/plugin-infrastructure-backend',
              'migrations',
            ),
          }),
        });
        permissionsRegistry.addPermissions([
          infrastructureOfferingReadPermission,
        ]);
        permissionsRegistry.addResourceType({
          resourceRef: infrastructureRequestResourceRef,
          permissions: infrastructureRequestPermissions,
          rules: infrastructureRequestRules,
          getResources: async ids => {
            const rows = await store.findMany(ids);
            return ids.map(id => rows.find(row => row.id === id));
          },
        });

        const offerings = OfferingCatalog.create({
          kubernetes,
          environments,
          config,
          logger,
        });
        const provisioner = new CrossplaneProvisioner({ kubernetes });
        const connections = new ConnectionReader({ kubernetes, provisioner });
        const notifier = new RequestNotifier({
          notifications: deps.notifications,
          logger,
        });
        const worker = new RequestWorker({
          store,
          provisioner,
          logger,
          onStatus: (row, from) => notifier.onStatus(row, from),
          ...(config.connectionChecks && {
            connection: {
              read: (resource, secret) => connections.read(resource, secret),
              check: checkConnection,
            },
          }),
        });
        const watch = new ClusterWatch({
          kubernetes,
          offerings,
          store,
          logger,
          onWork: () => worker.notify(),
        });
        deps.httpRouter.use(
          createRouter({
            access: new RequestAccess({
              permissions: deps.permissions,
              registry: permissionsRegistry,
            }),
            auditor: deps.auditor,
            connections,
            httpAuth: deps.httpAuth,
            offerings,
            permissions: deps.permissions,
            provisioner,
            requests: new RequestService({
              store,
              offerings,
              environments,
              provisioner,
              directory: new TeamDirectory({
                auth: deps.auth,
                catalog: deps.catalog,
              }),
              config,
              onWork: () => worker.notify(),
              onAsked: row => notifier.onAsked(row),
            }),
            store,
            userInfo: deps.userInfo,
          }),
        );
        deps.lifecycle.addStartupHook(() => {
          watch.start();
          worker.start();
        });
        deps.lifecycle.addShutdownHook(async () => {
          await worker.stop();
          await watch.stop();
          await offerings.close();
        });
      },
    });
  },
});
