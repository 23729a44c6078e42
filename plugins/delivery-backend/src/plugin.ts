import {
  coreServices,
  createBackendPlugin,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { denialsServiceRef } from '@waystone/access';
import { readEnvironments } from '@waystone/environments';
import {
  argoCdServiceRef,
  forgesServiceRef,
  kubernetesServiceRef,
} from '@waystone/integrations';
import {
  DELIVERY_CHANNEL,
  deliveryPermissions,
} from '@waystone/plugin-delivery-common';
import {
  ciProvidersExtensionPoint,
  deliverySourcesExtensionPoint,
} from '@waystone/plugin-delivery-node';
import type {
  CiProvider,
  DeliverySource,
} from '@waystone/plugin-delivery-node';
import {
  CatalogFollower,
  ChangeSignals,
  VisibleEntities,
} from '@waystone/read-models';
import { ArgoCdDeliverySource } from './argocd/ArgoCdDeliverySource';
import { CiReader } from './ci/CiReader';
import { CiWatch } from './ci/CiWatch';
import { ForgeCiProvider } from './ci/ForgeCiProvider';
import { DistanceReader } from './distance/DistanceReader';
import { DeploymentStore } from './history/DeploymentStore';
import { HistoryReader } from './history/HistoryReader';
import { HistoryRecorder } from './history/HistoryRecorder';
import { ImageFiller } from './history/ImageFiller';
import { DeliveryModel } from './model/DeliveryModel';
import type { PlacedDeployment } from './model/DeliveryModel';
import { serviceEntities } from './model/ServiceEntity';
import { createRouter } from './service/router';
import { EvidenceCollector } from './why/EvidenceCollector';
import { PodWatch } from './why/PodWatch';
import { WorkloadDeliverySource } from './workloads/WorkloadDeliverySource';

/**
 * Knows what runs where, in which version, and how it got there.
 *
 * @public
 */
export const deliveryPlugin = createBackendPlugin({
  pluginId: 'delivery',
  register(env) {
    const added: DeliverySource[] = [];
    env.registerExtensionPoint(deliverySourcesExtensionPoint, {
      addSource(source) {
        if (added.some(({ name }) => name === source.name)) {
          throw new Error(`There are two delivery sources '${source.name}'`);
        }
        added.push(source);
      },
    });
    const addedCi: CiProvider[] = [];
    env.registerExtensionPoint(ciProvidersExtensionPoint, {
      addProvider(provider) {
        if (addedCi.some(({ name }) => name === provider.name)) {
          throw new Error(`There are two CI providers '${provider.name}'`);
        }
        addedCi.push(provider);
      },
    });
    env.registerInit({
      deps: {
        argoCd: argoCdServiceRef,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        events: eventsServiceRef,
        forges: forgesServiceRef,
        denials: denialsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        kubernetes: kubernetesServiceRef,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
      },
      async init(deps) {
        const { argoCd, catalog, kubernetes, logger, permissions } = deps;
        const environments = readEnvironments(deps.config);
        const knex = await deps.database.getClient();
        if (!deps.database.migrations?.skip) {
          await knex.migrate.latest({
            directory: resolvePackagePath(
              '@waystone/plugin-delivery-backend',
              'migrations',
            ),
          });
        }
        const store = DeploymentStore.create({ knex });
        const workloads = kubernetes.clusters.map(client =>
          WorkloadDeliverySource.create({ client }),
        );
        const sources: DeliverySource[] = [
          ...argoCd.clients.map(client =>
            ArgoCdDeliverySource.create({
              client,
              cache: argoCd.applications(client.instance),
              forges: deps.forges,
            }),
          ),
          ...workloads,
          ...added,
        ];
        const pods = PodWatch.create({ kubernetes });
        const ci = CiReader.create({
          providers: [
            ...addedCi,
            ...deps.forges.forges.map(forge =>
              ForgeCiProvider.create({ forge }),
            ),
          ],
        });
        const runs = CiWatch.create({ reader: ci });
        const model = DeliveryModel.create({
          lastRunOf: entityRef => runs.lastRunOf(entityRef),
          sources,
          troubleOf: ({ cluster, observed, service }) => {
            const { namespace } = observed;
            const kubernetesId = service?.hints.kubernetesId;
            return cluster && namespace && kubernetesId
              ? pods.troubleAt({ cluster, namespace, kubernetesId })
              : undefined;
          },
          places: {
            environments,
            clusterAt: url =>
              kubernetes.clusters.find(({ upstream }) => upstream.url === url)
                ?.cluster,
          },
        });
        const directory = CatalogFollower.create({
          ...serviceEntities,
          pluginId: 'delivery',
          what: 'services',
          auth: deps.auth,
          catalog,
          events: deps.events,
          logger,
          scheduler: deps.scheduler,
        });
        const recorder = HistoryRecorder.create({ logger, model, store });
        const signals = ChangeSignals.create({
          logger,
          signals: deps.signals,
          channel: DELIVERY_CHANNEL,
        });

        const filler = ImageFiller.create({ sources, store });
        const collector = EvidenceCollector.create({ kubernetes, model, pods });

        deps.permissionsRegistry.addPermissions(deliveryPermissions);
        deps.httpRouter.use(
          createRouter({
            ci,
            collector,
            distance: DistanceReader.create({
              filler,
              forges: deps.forges,
              store,
            }),
            environments,
            history: HistoryReader.create({ filler, sources, store }),
            httpAuth: deps.httpAuth,
            model,
            permissions,
            visible: VisibleEntities.create({ catalog, permissions }),
          }),
        );
        deps.httpRouter.use(deps.denials.middleware);
        model.start();
        workloads.forEach(source => {
          source
            .start()
            .catch(error =>
              logger.warn(
                `Rollouts of ${source.name} are not followed`,
                toError(error),
              ),
            );
        });
        const endPods = pods.subscribe(id => model.refreshById(id));
        signals.start(model);
        const endRuns = model.subscribe(change => {
          const seen = Array.isArray(change) ? change : [];
          seen.forEach(({ id, observed, service }: PlacedDeployment) => {
            if (service) {
              const { entityRef } = service;
              runs.see({ id, entityRef, revision: observed.revision });
            }
          });
        });
        runs.start({
          *services() {
            for (const { entityRef } of model.services()) {
              yield {
                entityRef,
                repositories: model.repositoriesOf(entityRef),
              };
            }
          },
          onChange: entityRef => model.refresh(entityRef),
        });
        let recording = false;
        await directory.start(() => {
          model.setServices(directory.items);
          // Before, nothing would be known of whose the deployments are.
          if (!recording) {
            recording = true;
            recorder.start();
          }
        });
        deps.lifecycle.addShutdownHook(async () => {
          directory.stop();
          signals.stop();
          await recorder.stop();
          model.stop();
          endRuns();
          runs.stop();
          endPods();
          await pods.stop();
          await Promise.all(workloads.map(source => source.stop()));
        });
      },
    });
  },
});
