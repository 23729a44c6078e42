import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { Client, type ClientConfig } from 'pg';
import { readMonitorConnection } from '../databaseMonitor/readMonitorConnection';

/** Any number will do, as long as all versions of the portal use the same. */
const LOCK_ID = 7_007_001;

const startGateServiceRef = createServiceRef<{}>({
  id: 'waystone.start-gate',
  scope: 'root',
});

/**
 * Lets one replica start at a time.
 *
 * @remarks
 *
 * Every plugin migrates its database when it starts. Replicas that do so at the
 * same time make each other fail, and one that is killed in between leaves Knex's
 * lock behind, so that no replica ever starts again. The gate is a lock of a
 * PostgreSQL session: it is gone when its holder is gone. Whoever holds it knows
 * that nobody migrates, so all of Knex's locks are left-overs and are opened.
 *
 * @internal
 */
export const startGateServiceFactory = createServiceFactory({
  service: startGateServiceRef,
  initialization: 'always',
  deps: {
    config: coreServices.rootConfig,
    logger: coreServices.rootLogger,
    lifecycle: coreServices.rootLifecycle,
  },
  async factory({ config, logger, lifecycle }) {
    const connection = readMonitorConnection(config);
    if (connection.kind === 'unwatched') {
      return {};
    }
    const gate = new Client({
      ...connection.client,
      // Waiting for the others takes as long as it takes.
      statement_timeout: 0,
      application_name: 'waystone-start-gate',
    } as ClientConfig);
    // Reported by whoever uses the database.
    gate.on('error', () => {});
    await gate.connect();
    const { rows } = await gate.query(
      'SELECT pg_try_advisory_lock($1) AS free',
      [LOCK_ID],
    );
    if (!rows[0].free) {
      logger.info('Another replica is starting; waiting for it');
      await gate.query('SELECT pg_advisory_lock($1)', [LOCK_ID]);
    }
    await openLeftOverLocks(gate, {
      settings: connection.client,
      prefix:
        config.getOptionalString('backend.database.prefix') ??
        'backstage_plugin_',
    });
    lifecycle.addStartupHook(() => gate.end());
    return {};
  },
});

async function openLeftOverLocks(
  gate: Client,
  options: { settings: ClientConfig; prefix: string },
) {
  const { rows } = await gate.query<{ datname: string }>(
    'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
    [options.prefix],
  );
  for (const { datname } of rows) {
    const client = new Client({ ...options.settings, database: datname });
    await client.connect();
    try {
      const tables = await client.query<{ name: string }>(
        "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables WHERE tablename LIKE '%knex\\_migrations\\_lock'",
      );
      for (const { name } of tables.rows) {
        await client.query(
          `UPDATE ${name} SET is_locked = 0 WHERE is_locked <> 0`,
        );
      }
    } finally {
      await client.end();
    }
  }
}
