import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { denialsServiceRef } from '@waystone/access';
import { readEnvironments } from '@waystone/environments';
import {
  alertmanagerServiceRef,
  prometheusServiceRef,
} from '@waystone/integrations';
import {
  OBSERVABILITY_CHANNEL,
  observabilityPermissions,
} from '@waystone/plugin-observability-common';
import {
  CatalogFollower,
  ChangeSignals,
  VisibleEntities,
} from '@waystone/read-models';
import { registerActions } from './actions/registerActions';
import { AlertBook } from './alerts/AlertBook';
import { refuseForeign, serviceEntities } from './catalog/ServiceEntity';
import { PrometheusFleet } from './fleet/PrometheusFleet';
import { ServiceCharts } from './metrics/ServiceCharts';
import { ServiceObjectives } from './metrics/ServiceObjectives';
import { HealthModel } from './model/HealthModel';
import { readSettings } from './readSettings';
import { Refresher } from './Refresher';
import { HealthReader } from './service/HealthReader';
import { createRouter } from './service/router';

/**
 * Knows whether services are healthy, what they promise, and what is wrong.
 *
 * @public
 */
export const observabilityPlugin = createBackendPlugin({
  pluginId: 'observability',
  register(env) {
    env.registerInit({
      deps: {
        actionsRegistry: actionsRegistryServiceRef,
        alertmanager: alertmanagerServiceRef,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        events: eventsServiceRef,
        denials: denialsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        prometheus: prometheusServiceRef,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
      },
      async init(deps) {
        const { catalog, logger, permissions, prometheus } = deps;
        const settings = readSettings(deps.config);
        const environments = readEnvironments(deps.config);
        const fleets = prometheus.clients.map(client =>
          PrometheusFleet.create({
            client,
            clusterLabel: settings.clusterLabel,
            cluster: settings.clusters.get(client.instance),
            windowDays: settings.windowDays,
          }),
        );
        const alerts = AlertBook.create({
          alertmanagers: deps.alertmanager.clients,
          servers: prometheus.clients,
        });
        const model = HealthModel.create({
          alerts,
          environments,
          fleets,
          settings,
        });
        const directory = CatalogFollower.create({
          ...serviceEntities,
          pluginId: 'observability',
          what: 'services',
          auth: deps.auth,
          catalog,
          events: deps.events,
          logger,
          scheduler: deps.scheduler,
        });
        const refresher = Refresher.create({
          alerts,
          fleets,
          logger,
          model,
          periodMs: settings.refreshMs,
        });
        const signals = ChangeSignals.create({
          logger,
          signals: deps.signals,
          channel: OBSERVABILITY_CHANNEL,
        });
        const reader = HealthReader.create({
          model,
          permissions,
          visible: VisibleEntities.create({ catalog, permissions }),
        });

        deps.permissionsRegistry.addPermissions(observabilityPermissions);
        registerActions({
          actionsRegistry: deps.actionsRegistry,
          auditor: deps.auditor,
          auth: deps.auth,
          reader,
        });
        deps.httpRouter.use(
          createRouter({
            charts: ServiceCharts.create(),
            environments,
            httpAuth: deps.httpAuth,
            model,
            objectives: ServiceObjectives.create(),
            reader,
          }),
        );
        deps.httpRouter.use(deps.denials.middleware);
        signals.start(model);
        refresher.start();
        await directory.start(() =>
          model.setServices(refuseForeign(directory.items)),
        );
        deps.lifecycle.addShutdownHook(async () => {
          directory.stop();
          signals.stop();
          await refresher.stop();
        });
      },
    });
  },
});
