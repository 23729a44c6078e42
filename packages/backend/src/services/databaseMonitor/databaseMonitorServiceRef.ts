import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import {
  type DatabaseMonitor,
  PollingDatabaseMonitor,
  UnwatchedDatabaseMonitor,
} from './DatabaseMonitor';
import { PostgresProbe } from './PostgresProbe';
import { readMonitorConnection } from './readMonitorConnection';

/**
 * One monitor of the database for the whole backend.
 *
 * @public
 */
export const databaseMonitorServiceRef = createServiceRef<DatabaseMonitor>({
  id: 'waystone.database-monitor',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.rootLogger,
        lifecycle: coreServices.rootLifecycle,
      },
      factory({ config, logger, lifecycle }) {
        const connection = readMonitorConnection(config);
        if (connection.kind === 'unwatched') {
          logger.warn(
            `Readiness does not cover the database: ${connection.reason}`,
          );
          return new UnwatchedDatabaseMonitor();
        }
        const monitor = PollingDatabaseMonitor.create({
          probe: new PostgresProbe(connection.client),
          logger: logger.child({ service: 'databaseMonitor' }),
        });
        monitor.start();
        lifecycle.addShutdownHook(() => monitor.stop());
        return monitor;
      },
    }),
});
