import {
  coreServices,
  createBackendPlugin,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import { toError } from '@backstage/errors';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { denialsServiceRef } from '@waystone/access';
import { readEnvironments } from '@waystone/environments';
import { kubernetesServiceRef, vaultServiceRef } from '@waystone/integrations';
import {
  GOVERNANCE_CHANNEL,
  governancePermissions,
} from '@waystone/plugin-governance-common';
import { ChangeSignals, VisibleEntities } from '@waystone/read-models';
import { registerActions } from './actions/registerActions';
import { ManifestChecker } from './check/ManifestChecker';
import { readGovernanceConfig } from './config/readGovernanceConfig';
import { DailyRecord } from './history/DailyRecord';
import { FirstSeenStore } from './history/FirstSeenStore';
import { TrendStore } from './history/TrendStore';
import { DueDates } from './model/DueDates';
import { EntityDirectory } from './model/EntityDirectory';
import { GovernanceModel } from './model/GovernanceModel';
import { FindingsReader } from './service/FindingsReader';
import { createRouter } from './service/router';
import { SecretsReader } from './service/SecretsReader';
import { PillarFacts } from './scorecards/PillarFacts';
import { readScorecards } from './scorecards/readScorecards';
import { ScorecardReader } from './scorecards/ScorecardReader';
import { readExternalSecret } from './secrets/readExternalSecret';
import { SecretDirectory } from './secrets/SecretDirectory';

/**
 * Knows what breaks policies, which weaknesses run, and which secrets are old.
 *
 * @public
 */
export const governancePlugin = createBackendPlugin({
  pluginId: 'governance',
  register(env) {
    env.registerInit({
      deps: {
        actionsRegistry: actionsRegistryServiceRef,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        discovery: coreServices.discovery,
        events: eventsServiceRef,
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
        vault: vaultServiceRef,
      },
      async init(deps) {
        const { catalog, httpAuth, logger, permissions, scheduler } = deps;
        const config = readGovernanceConfig(deps.config);
        const knex = await deps.database.getClient();
        if (!deps.database.migrations?.skip) {
          await knex.migrate.latest({
            directory: resolvePackagePath(
              '@waystone/plugin-governance-backend',
              'migrations',
            ),
          });
        }
        const due = new DueDates(config.due);
        const firstSeen = FirstSeenStore.create({ knex });
        const trend = TrendStore.create({ knex });
        const environments = readEnvironments(deps.config);
        const secrets = new SecretDirectory({
          vaults: deps.vault,
          environments,
          logger,
        });
        const model = new GovernanceModel({
          clients: deps.kubernetes.clusters,
          environments,
          firstSeen,
          logger,
          watched: [
            'external-secrets.io/v1',
            'external-secrets.io/v1beta1',
          ].map(apiVersion => ({
            system: 'external-secrets',
            apiVersion,
            kinds: ['ExternalSecret'],
            transform: readExternalSecret,
            onChange: change => secrets.setConsumer(change),
          })),
        });
        const directory = EntityDirectory.create({
          auth: deps.auth,
          catalog,
          events: deps.events,
          logger,
          scheduler,
        });
        const findings = new FindingsReader({
          directory,
          due,
          model,
          trend,
          visible: VisibleEntities.create({ catalog, permissions }),
        });
        const signals = ChangeSignals.create({
          logger,
          signals: deps.signals,
          channel: GOVERNANCE_CHANNEL,
        });
        const daily = new DailyRecord({ due, firstSeen, model, trend });

        const scorecards = readScorecards(
          config.scorecardsFolder ??
            resolvePackagePath(
              '@waystone/plugin-governance-backend',
              'scorecards',
            ),
        );
        const pillars = new PillarFacts({
          auth: deps.auth,
          discovery: deps.discovery,
          logger,
        });
        const checker = new ManifestChecker({
          environments,
          kubernetes: deps.kubernetes,
          fixOf: policy => model.violations.fixOf(policy),
        });

        registerActions({
          actionsRegistry: deps.actionsRegistry,
          auditor: deps.auditor,
          auth: deps.auth,
          checker,
          denials: deps.denials,
          findings,
          permissions,
        });
        deps.permissionsRegistry.addPermissions(governancePermissions);
        deps.httpRouter.use(
          createRouter({
            checker,
            findings,
            httpAuth,
            permissions,
            scorecards: new ScorecardReader({
              directory,
              findings,
              scorecards,
              sources: { due, model, pillars, secrets },
            }),
            secrets: new SecretsReader({
              denials: deps.denials,
              directory,
              permissions,
              secrets,
            }),
          }),
        );
        deps.httpRouter.use(deps.denials.middleware);

        await firstSeen.load();
        signals.start(model);
        const readSecrets = (signal?: AbortSignal) =>
          secrets.refresh(directory.entities, signal).catch(error => {
            logger.error('Secrets could not be read', toError(error));
          });
        let known = '';
        await directory.start(() => {
          model.setEntities(directory.entities);
          // Whoever has just said where her secrets are wants to see them.
          const paths = JSON.stringify(
            directory.entities.map(({ secrets: where }) => where),
          );
          if (paths !== known) {
            known = paths;
            readSecrets();
          }
        });
        await scheduler.scheduleTask({
          id: 'governance-read-secrets',
          scope: 'local',
          frequency: { minutes: 2 },
          initialDelay: { minutes: 2 },
          timeout: { minutes: 10 },
          fn: async signal => {
            await readSecrets(signal);
          },
        });
        // Clusters that do not answer keep nobody from starting.
        model.start().catch(error => {
          logger.error('The clusters could not be read', toError(error));
        });
        await scheduler.scheduleTask({
          id: 'governance-follow-kinds',
          // Each replica has its own read model.
          scope: 'local',
          frequency: { seconds: 60 },
          initialDelay: { seconds: 60 },
          timeout: { seconds: 60 },
          fn: async () => {
            await model.refreshKinds();
            await firstSeen.flush();
          },
        });
        await scheduler.scheduleTask({
          id: 'governance-read-pillars',
          scope: 'local',
          frequency: { minutes: 1 },
          initialDelay: { seconds: 15 },
          timeout: { minutes: 1 },
          fn: () => pillars.refresh(),
        });
        await scheduler.scheduleTask({
          id: 'governance-record-day',
          scope: 'global',
          frequency: { minutes: 30 },
          initialDelay: { minutes: 2 },
          timeout: { minutes: 10 },
          fn: async () => {
            if (!(await daily.write())) {
              logger.info(
                "Not all clusters are known at the moment; today's numbers are written later",
              );
            }
          },
        });
        deps.lifecycle.addShutdownHook(async () => {
          directory.stop();
          signals.stop();
          await model.stop();
          await firstSeen.flush();
        });
      },
    });
  },
});
