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
import { RenderPool } from '@waystone/docs-renderer';
import { BuildStore } from './builds/BuildStore';
import { FeedbackStore } from './builds/FeedbackStore';
import { PreparedSources } from './builds/PreparedSources';
import { ReadStore } from './builds/ReadStore';
import { readNativeDocsConfig } from './config/readNativeDocsConfig';
import { GuardedMkdocsGenerator } from './generator/GuardedMkdocsGenerator';
import { NativeGenerator } from './generator/NativeGenerator';
import { IncrementalPublisher } from './publisher/IncrementalPublisher';
import { RecordingPreparer } from './preparer/RecordingPreparer';
import { refreshDocs } from './refresh/refreshDocs';
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
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        discovery: coreServices.discovery,
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
        const sources = new PreparedSources();
        const record = { builds, sources };
        const preparer = { logger, reader: urlReader };
        deps.preparers.registerPreparer(
          'dir',
          new RecordingPreparer({
            ...record,
            inner: DirectoryPreparer.fromConfig(config, preparer),
          }),
        );
        deps.preparers.registerPreparer(
          'url',
          new RecordingPreparer({
            ...record,
            inner: UrlPreparer.fromConfig(preparer),
          }),
        );

        let publisher: IncrementalPublisher | undefined;
        if (settings.publishFolder !== undefined) {
          publisher = new IncrementalPublisher({
            inner: await Publisher.fromConfig(config, {
              logger,
              discovery: deps.discovery,
            }),
            folder: settings.publishFolder,
            keepCase: settings.keepCase,
            logger,
          });
          deps.publishers.registerPublisher('local', publisher);
        }
        let generator: GeneratorBase;
        if (settings.engine === 'mkdocs') {
          generator = new GuardedMkdocsGenerator(
            TechdocsGenerator.fromConfig(config, { logger }),
          );
        } else {
          const pool = new RenderPool(settings.pool);
          deps.lifecycle.addShutdownHook(() => pool.close());
          generator = new NativeGenerator({
            ...record,
            pool,
            publisher,
            logger,
            limits: settings.limits,
            scmIntegrations: ScmIntegrations.fromConfig(config),
          });
        }
        // The extension point asks for the class of the stock generator, but calls its `run` only
        deps.generators.setTechdocsGenerator(generator as TechdocsGenerator);

        deps.httpRouter.use(
          createDocsRouter({
            auditor: deps.auditor,
            builds,
            catalog: deps.catalog,
            feedback: new FeedbackStore(knex),
            httpAuth: deps.httpAuth,
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
          await deps.scheduler.scheduleTask({
            ...settings.refresh,
            id: 'refresh-docs',
            fn: signal =>
              refreshDocs({
                auth: deps.auth,
                catalog: deps.catalog,
                discovery: deps.discovery,
                logger,
                signal,
              }),
          });
        }
      },
    });
  },
});
