import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { ClientConfig } from 'pg';

/**
 * Where the health check connects to, or why it cannot watch the database.
 *
 * @internal
 */
export type MonitorConnection =
  | { kind: 'postgres'; client: ClientConfig }
  | { kind: 'unwatched'; reason: string };

/**
 * Reads the connection of the health check from `backend.database`.
 *
 * @remarks
 *
 * The plugins' databases are created on demand, so the check uses the configured
 * database or, failing that, the `postgres` database that Backstage itself uses
 * to create the others.
 *
 * @internal
 */
export function readMonitorConnection(config: Config): MonitorConnection {
  const database = config.getOptionalConfig('backend.database');
  const client = database?.getOptionalString('client');
  if (!database || client !== 'pg') {
    return {
      kind: 'unwatched',
      reason: `backend.database.client is '${client ?? 'not set'}', not 'pg'`,
    };
  }

  const connection = database.getOptional('connection');
  if (typeof connection === 'string') {
    return { kind: 'postgres', client: { connectionString: connection } };
  }
  if (typeof connection !== 'object' || connection === null) {
    throw new InputError(
      `Invalid config 'backend.database.connection': expected a connection string or an object, got ${typeof connection}`,
    );
  }

  const { type, instance, tokenCredential, ...settings } = connection as Record<
    string,
    unknown
  >;
  if (type !== undefined && type !== 'default') {
    return {
      kind: 'unwatched',
      reason: `backend.database.connection.type '${type}' signs in with short-lived tokens, which the health check does not support`,
    };
  }
  return {
    kind: 'postgres',
    client: { database: 'postgres', ...settings } as ClientConfig,
  };
}
