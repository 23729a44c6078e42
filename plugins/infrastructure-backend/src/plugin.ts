import {
  coreServices,
  createBackendPlugin,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { metricsServiceRef } from '@backstage/backend-plugin-api/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { denialsServiceRef } from '@waystone/access';
import { readEnvironments } from '@waystone/environments';
import { kubernetesServiceRef } from '@waystone/integrations';
import {
  infrastructureOfferingReadPermission,
  infrastructureRequestPermissions,
} from '@waystone/plugin-infrastructure-common';
import {
  CLOUD_NATIVE_PG,
  CloudNativePgBackups,
} from './backups/CloudNativePgBackups';
import { readInfrastructureConfig } from './config/InfrastructureConfig';
import { checkConnection } from './connection/checkConnection';
import { ConnectionReader } from './connection/ConnectionReader';
import { ConsumerFinder } from './connection/ConsumerFinder';
import { DatabaseRequestStore } from './database/DatabaseRequestStore';
import type { RequestRow } from './database/RequestRow';
import { TeamDirectory } from './directory/TeamDirectory';
import { ResourceDiscovery } from './discovery/ResourceDiscovery';
import { OfferingCatalog } from './offerings/OfferingCatalog';
import { CrossplaneProvisioner } from './provisioner/CrossplaneProvisioner';
import { createRouter } from './router/createRouter';
import {
  infrastructureRequestResourceRef,
  infrastructureRequestRules,
} from './rules';
import { DayTwoService } from './service/DayTwoService';
import { DraftService } from './service/DraftService';
import { RecentPlans } from './service/RecentPlans';
import { RequestAccess } from './service/RequestAccess';
import { RequestAssessor } from './service/RequestAssessor';
import { RequestChangePublisher } from './service/RequestChangePublisher';
import { RequestCreator } from './service/RequestCreator';
import { RequestMetrics } from './service/RequestMetrics';
import { RequestNotifier } from './service/RequestNotifier';
import { RequestPreviewer } from './service/RequestPreviewer';
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
        events: eventsServiceRef,
        denials: denialsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        kubernetes: kubernetesServiceRef,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        signals: signalsServiceRef,
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
        const directory = new TeamDirectory({
          auth: deps.auth,
          catalog: deps.catalog,
        });
        const backups = new Map([
          [CLOUD_NATIVE_PG, new CloudNativePgBackups({ kubernetes })],
        ]);
        const notifier = new RequestNotifier({
          notifications: deps.notifications,
          logger,
        });
        const metrics = new RequestMetrics({ metrics: deps.metrics });
        const approvalDays = config.approvals.expireAfterDays;
        const worker = new RequestWorker({
          approvalDays,
          store,
          provisioner,
          logger,
          backups,
          onStatus: (row, from) => {
            notifier.onStatus(row, from);
            metrics.onStatus(row, from);
          },
          onReminded: row => notifier.onReminded(row),
          ...(config.connectionChecks && {
            connection: {
              read: (resource, secret) => connections.read(resource, secret),
              check: checkConnection,
            },
          }),
        });
        const onWork = () => worker.notify();
        const onAsked = (row: RequestRow) => notifier.onAsked(row);
        const watch = new ClusterWatch({
          kubernetes,
          offerings,
          store,
          logger,
          onWork,
        });
        const discovery = new ResourceDiscovery({
          environments,
          kubernetes,
          watch,
        });
        const assessor = new RequestAssessor({
          store,
          offerings,
          environments,
          directory,
          config,
        });
        const changes = new RequestChangePublisher({
          events: deps.events,
          logger,
          signals: deps.signals,
        });
        const recent = new RecentPlans();
        const creator = new RequestCreator({
          assessor,
          discovery,
          environments,
          provisioner,
          recent,
          store,
          approvalDays,
          onWork,
          onAsked,
        });
        deps.httpRouter.use(
          createRouter({
            access: new RequestAccess({
              permissions: deps.permissions,
              registry: permissionsRegistry,
            }),
            auditor: deps.auditor,
            auth: deps.auth,
            connections,
            creator,
            dayTwo: new DayTwoService({
              backups,
              connections,
              consumers: new ConsumerFinder({ kubernetes }),
              directory,
              offerings,
              provisioner,
              store,
            }),
            discovery,
            drafts: new DraftService({
              creator,
              environments,
              offerings,
              store,
              onWork,
              onAsked,
            }),
            httpAuth: deps.httpAuth,
            offerings,
            permissions: deps.permissions,
            previewer: new RequestPreviewer({
              assessor,
              directory,
              provisioner,
              recent,
              store,
            }),
            provisioner,
            requests: new RequestService({
              assessor,
              environments,
              provisioner,
              store,
              approvalDays,
              onWork,
              onAsked,
            }),
            store,
            userInfo: deps.userInfo,
          }),
        );
        deps.httpRouter.use(deps.denials.middleware);
        const endChanges = store.subscribe(row => changes.onChange(row));
        deps.lifecycle.addStartupHook(() => {
          watch.start();
          worker.start();
        });
        deps.lifecycle.addShutdownHook(async () => {
          await worker.stop();
          endChanges();
          changes.stop();
          await watch.stop();
          await offerings.close();
        });
      },
    });
  },
});
