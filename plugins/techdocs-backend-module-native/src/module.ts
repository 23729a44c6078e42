import {
  coreServices,
  createBackendModule,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { ScmIntegrations } from '@backstage/integration';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import {
  DirectoryPreparer,
  Publisher,
  TechdocsGenerator,
  techdocsGeneratorExtensionPoint,
  techdocsPreparerExtensionPoint,
  techdocsPublisherExtensionPoint,
  UrlPreparer,
  type GeneratorBase,
} from '@backstage/plugin-techdocs-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { RenderPool } from '@waystone/docs-renderer';
import { forgesServiceRef } from '@waystone/integrations';
import { BuildStore } from './builds/BuildStore';
import { FeedbackStore } from './builds/FeedbackStore';
import { ForgeHistory } from './builds/ForgeHistory';
import { PreparedSources } from './builds/PreparedSources';
import { ReadStore } from './builds/ReadStore';
import { readNativeDocsConfig } from './config/readNativeDocsConfig';
import { DiagramServers, versionOf } from './diagrams/DiagramServers';
import { DiagramStore } from './diagrams/DiagramStore';
import { GuardedMkdocsGenerator } from './generator/GuardedMkdocsGenerator';
import { NativeGenerator } from './generator/NativeGenerator';
import { TidyGenerator } from './generator/TidyGenerator';
import { IncrementalPublisher } from './publisher/IncrementalPublisher';
import { limitSource } from './preparer/limitSource';
import { RecordingPreparer } from './preparer/RecordingPreparer';
import { BuildQueue } from './queue/BuildQueue';
import { buildChanged } from './queue/buildChanged';
import { DocsBuildRunner } from './queue/DocsBuildRunner';
import { DocumentedEntities } from './refresh/DocumentedEntities';
import { refreshDocs } from './refresh/refreshDocs';
import { watchSources } from './refresh/watchSources';
import { createDocsRouter } from './router/createDocsRouter';
import { DocsSites } from './sites/DocsSites';

/** Makes documentation pages in the portal itself, and tells authors what is wrong with them. */
export const techdocsModuleNative = createBackendModule({
  pluginId: 'techdocs',
  moduleId: 'native',
  register(reg) {
    reg.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        cache: coreServices.cache,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        discovery: coreServices.discovery,
        events: eventsServiceRef,
        forges: forgesServiceRef,
        generators: techdocsGeneratorExtensionPoint,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        preparers: techdocsPreparerExtensionPoint,
        publishers: techdocsPublisherExtensionPoint,
        scheduler: coreServices.scheduler,
        urlReader: coreServices.urlReader,
        userInfo: coreServices.userInfo,
      },
      async init(deps) {
        const { config, logger, urlReader } = deps;
        const settings = readNativeDocsConfig(config);
        const knex = await deps.database.getClient();
        if (!deps.database.migrations?.skip) {
          await knex.migrate.latest({
            directory: resolvePackagePath(
              '@waystone/plugin-techdocs-backend-module-native',
              'migrations',
            ),
          });
        }
        const builds = new BuildStore(knex);
        const reads = new ReadStore({ knex, logger });
        deps.lifecycle.addShutdownHook(() => reads.flush());
        const drawings = new DiagramStore(knex);
        const sources = new PreparedSources();
        const scmIntegrations = ScmIntegrations.fromConfig(config);
        const record = {
          builds,
          sources,
          scmIntegrations,
          settingsVersion: versionOf(settings.diagrams),
        };
        const preparer = {
          logger,
          reader: limitSource(urlReader, settings.source),
        };
        const preparers = {
          dir: new RecordingPreparer({
            ...record,
            inner: DirectoryPreparer.fromConfig(config, preparer),
          }),
          url: new RecordingPreparer({
            ...record,
            inner: UrlPreparer.fromConfig(preparer),
          }),
        };
        deps.preparers.registerPreparer('dir', preparers.dir);
        deps.preparers.registerPreparer('url', preparers.url);

        const stockPublisher = await Publisher.fromConfig(config, {
          logger,
          discovery: deps.discovery,
        });
        let publisher: IncrementalPublisher | undefined;
        if (settings.publishFolder !== undefined) {
          publisher = new IncrementalPublisher({
            inner: stockPublisher,
            folder: settings.publishFolder,
            keepCase: settings.keepCase,
            logger,
          });
          deps.publishers.registerPublisher('local', publisher);
        }
        const forgeHistory = new ForgeHistory({ forges: deps.forges, logger });
        let generator: GeneratorBase;
        if (settings.engine === 'mkdocs') {
          generator = new GuardedMkdocsGenerator(
            TechdocsGenerator.fromConfig(config, { logger }),
          );
        } else {
          const diagrams = new DiagramServers({
            config: settings.diagrams,
            store: drawings,
            logger,
          });
          const pool = new RenderPool({ ...settings.pool, diagrams });
          deps.lifecycle.addShutdownHook(async () => {
            await pool.close();
            await diagrams.close();
          });
          generator = new NativeGenerator({
            builds,
            sources,
            pool,
            publisher,
            forgeHistory,
            logger,
            limits: settings.limits,
            scmIntegrations,
          });
        }
        // The extension point asks for the class of the stock generator, but calls its `run` only
        deps.generators.setTechdocsGenerator(
          new TidyGenerator(generator) as GeneratorBase as TechdocsGenerator,
        );

        deps.httpRouter.use(
          createDocsRouter({
            auditor: deps.auditor,
            builds,
            catalog: deps.catalog,
            feedback: new FeedbackStore(knex),
            history: forgeHistory,
            httpAuth: deps.httpAuth,
            scmIntegrations,
            reads,
            sites: new DocsSites({
              builds,
              reads,
              catalog: deps.catalog,
              userInfo: deps.userInfo,
            }),
            userInfo: deps.userInfo,
          }),
        );
        if (config.getOptionalString('techdocs.builder') !== 'external') {
          const entities = new DocumentedEntities({
            auth: deps.auth,
            catalog: deps.catalog,
            scmIntegrations,
          });
          const runner = new DocsBuildRunner({
            preparers,
            generator,
            publisher: publisher ?? stockPublisher,
            cache: deps.cache,
            config,
            scmIntegrations,
            logger,
          });
          const queue = new BuildQueue({
            build: entityRef =>
              buildChanged(entityRef, { entities, runner, logger }),
          });
          deps.lifecycle.addShutdownHook(() => queue.close());
          await watchSources({ entities, queue, logger, events: deps.events });
          await deps.scheduler.scheduleTask({
            ...settings.refresh,
            id: 'refresh-docs',
            fn: async signal => {
              await refreshDocs({ entities, queue, signal });
              await reads.prune();
              await drawings.prune();
            },
          });
        }
      },
    });
  },
});
