import {
  coreServices,
  createBackendPlugin,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { denialsServiceRef } from '@waystone/access';
import { auditPermissions } from '@waystone/plugin-audit-common';
import { auditTrailServiceRef } from '@waystone/plugin-audit-node';
import { AuditChain } from './database/AuditChain';
import { AuditReader } from './database/AuditReader';
import { AuditWriter } from './database/AuditWriter';
import { readRetention } from './readRetention';
import { createRouter } from './service/createRouter';
import { startHousekeeping } from './startHousekeeping';

/** How long a backend that stops takes to store what waits. */
const FLUSH_MS = 5_000;

/**
 * Keeps the audit events of all plugins, and shows them to auditors and owners.
 *
 * @public
 */
export const auditPlugin = createBackendPlugin({
  pluginId: 'audit',
  register(env) {
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        config: coreServices.rootConfig,
        database: coreServices.database,
        denials: denialsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        trail: auditTrailServiceRef,
      },
      async init(deps) {
        const { auditor, httpAuth, logger, permissions, trail } = deps;
        const retention = readRetention(deps.config);
        const knex = await deps.database.getClient();
        if (!deps.database.migrations?.skip) {
          await knex.migrate.latest({
            directory: resolvePackagePath(
              '@waystone/plugin-audit-backend',
              'migrations',
            ),
          });
        }
        const chain = AuditChain.create({ knex });

        deps.permissionsRegistry.addPermissions(auditPermissions);
        deps.httpRouter.use(
          createRouter({
            auditor,
            chain,
            httpAuth,
            permissions,
            reader: AuditReader.create({ knex }),
            retention,
            trail,
          }),
        );
        deps.httpRouter.use(deps.denials.middleware);
        trail.connect(AuditWriter.create({ knex }));
        // Before the connections to the database are closed
        deps.lifecycle.addShutdownHook(() =>
          trail.flush({ timeoutMs: FLUSH_MS }),
        );
        await startHousekeeping({
          auditor,
          chain,
          logger,
          retention,
          scheduler: deps.scheduler,
        });
      },
    });
  },
});
