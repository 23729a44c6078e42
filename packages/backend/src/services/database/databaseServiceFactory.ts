import { DatabaseManager } from '@backstage/backend-defaults/database';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { databaseMonitorServiceRef } from '../databaseMonitor';
import { dropDeadConnections } from './dropDeadConnections';

/** How long after the statement timeout a connection counts as dead. */
const GRACE_MS = 5_000;

/**
 * Replaces the database service of `@backstage/backend-defaults` with one whose pools
 * recover from connections that died in silence. Otherwise it is the same.
 *
 * @public
 */
export const databaseServiceFactory = createServiceFactory({
  service: coreServices.database,
  deps: {
    config: coreServices.rootConfig,
    lifecycle: coreServices.lifecycle,
    logger: coreServices.logger,
    pluginMetadata: coreServices.pluginMetadata,
    rootLifecycle: coreServices.rootLifecycle,
    rootLogger: coreServices.rootLogger,
    monitor: databaseMonitorServiceRef,
  },
  async createRootContext({ config, rootLifecycle, rootLogger }) {
    return DatabaseManager.fromConfig(config, { rootLifecycle, rootLogger });
  },
  async factory(
    { config, lifecycle, logger, monitor, pluginMetadata },
    manager,
  ) {
    const pluginId = pluginMetadata.getId();
    const database = manager.forPlugin(pluginId, { lifecycle, logger });
    const statementTimeoutMs = readStatementTimeout(config, pluginId);
    let client: ReturnType<typeof database.getClient> | undefined;
    return {
      ...database,
      getClient() {
        // The manager returns the same client each time; it is prepared once.
        client ??= database.getClient().then(knex => {
          if (statementTimeoutMs) {
            const queryLimitMs = statementTimeoutMs + GRACE_MS;
            dropDeadConnections({ client: knex, monitor, queryLimitMs });
          }
          return knex;
        });
        client.catch(() => {
          client = undefined;
        });
        return client;
      },
    };
  },
});

/** Without a statement timeout there is no telling a long query from a dead one. */
function readStatementTimeout(
  config: Config,
  pluginId: string,
): number | undefined {
  const connections = [
    `backend.database.plugin.${pluginId}.connection`,
    'backend.database.connection',
  ].map(key => config.getOptional(key));
  for (const connection of connections) {
    if (typeof connection === 'object' && connection !== null) {
      const timeout = Number(
        (connection as { statement_timeout?: unknown }).statement_timeout,
      );
      if (timeout > 0) {
        return timeout;
      }
    }
  }
  return undefined;
}
