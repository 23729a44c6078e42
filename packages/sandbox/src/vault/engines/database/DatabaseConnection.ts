import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { QueryResultRow } from 'pg';
import { invalidRequest } from '../../VaultError';

const CONNECT_MILLISECONDS = 5000;
/** A server that hangs must not hold up whoever waits, such as the end of the sandbox. */
const QUERY_MILLISECONDS = 30_000;

/** Where a database is and who connects. */
export interface ConnectionSettings {
  /** With `{{username}}` and `{{password}}` in it. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/**
 * A PostgreSQL server as the database engine uses it: one connection for each piece of work.
 *
 * @internal
 */
export class DatabaseConnection {
  readonly #settings: ConnectionSettings;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
  }

  /** Checks that the account can connect. */
  async verify(): Promise<void> {
    await this.#with(async () => {});
  }

  /** Runs statements one after another in one transaction, with `{{name}}` and the like filled in. */
  async run(
    statements: readonly string[],
    values: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.#with(async client => {
      await client.query('BEGIN');
      for (const statement of splitStatements(statements)) {
        await client.query(fillIn(statement, values));
      }
      await client.query('COMMIT');
    });
  }

  async setPassword(username: string, password: string): Promise<void> {
    await this.#with(client =>
      client.query(
        `ALTER ROLE ${escapeIdentifier(username)} WITH PASSWORD ${escapeLiteral(
          password,
        )}`,
      ),
    );
  }

  async setExpiration(username: string, expiration: Date): Promise<void> {
    await this.#with(client =>
      client.query(
        `ALTER ROLE ${escapeIdentifier(username)} VALID UNTIL ${escapeLiteral(
          expiration.toISOString(),
        )}`,
      ),
    );
  }

  async hasRole(username: string): Promise<boolean> {
    return this.#with(async client => {
      const { rowCount } = await client.query(
        'SELECT 1 FROM pg_roles WHERE rolname = $1',
        [username],
      );
      return rowCount === 1;
    });
  }

  /** Takes a role's rights back and drops it; what the server does unless the role says how. */
  async dropRole(username: string): Promise<void> {
    await this.#with(async client => {
      const role = escapeIdentifier(username);
      const { rowCount } = await client.query(
        'SELECT 1 FROM pg_roles WHERE rolname = $1',
        [username],
      );
      if (!rowCount) {
        return;
      }
      const schemas = await client.query<{ schema: string } & QueryResultRow>(
        'SELECT DISTINCT table_schema AS schema FROM information_schema.role_column_grants WHERE grantee = $1',
        [username],
      );
      const names = new Set(['public', ...schemas.rows.map(row => row.schema)]);
      for (const name of names) {
        const schema = escapeIdentifier(name);
        await client.query(
          `REVOKE ALL PRIVILEGES ON ALL TABLES IN SCHEMA ${schema} FROM ${role}`,
        );
        await client.query(
          `REVOKE ALL PRIVILEGES ON ALL SEQUENCES IN SCHEMA ${schema} FROM ${role}`,
        );
        await client.query(`REVOKE USAGE ON SCHEMA ${schema} FROM ${role}`);
      }
      const database = await client.query<{ name: string } & QueryResultRow>(
        'SELECT current_database() AS name',
      );
      await client.query(
        `REVOKE CONNECT ON DATABASE ${escapeIdentifier(
          database.rows[0].name,
        )} FROM ${role}`,
      );
      await client.query(`DROP ROLE IF EXISTS ${role}`);
    });
  }

  async #with<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({
      ...readAddress(this.#settings),
      connectionTimeoutMillis: CONNECT_MILLISECONDS,
      query_timeout: QUERY_MILLISECONDS,
      application_name: 'waystone-sandbox-vault',
    });
    // A connection that breaks while nothing is asked would otherwise end the process.
    client.on('error', () => {});
    try {
      await client.connect();
      return await work(client);
    } finally {
      await client.end().catch(() => {
        // It may not have come to a connection at all.
      });
    }
  }
}

/** Reads the address from the URL. Only this machine: the sandbox has no business elsewhere. */
function readAddress({ url, username, password }: ConnectionSettings) {
  let address;
  try {
    address = new URL(
      url
        .replaceAll('{{username}}', encodeURIComponent(username))
        .replaceAll('{{password}}', encodeURIComponent(password)),
    );
  } catch {
    throw invalidRequest(
      'error creating database object: invalid connection URL',
    );
  }
  if (!['localhost', '127.0.0.1', '[::1]'].includes(address.hostname)) {
    throw invalidRequest(
      'error creating database object: the sandbox connects to databases on this machine only',
    );
  }
  return {
    host: address.hostname === '[::1]' ? '::1' : address.hostname,
    port: Number(address.port || 5432),
    user: decodeURIComponent(address.username),
    password: decodeURIComponent(address.password),
    database: decodeURIComponent(address.pathname.slice(1)) || 'postgres',
  };
}

/** Statements may come as one text with semicolons; bodies in dollar quotes stay whole. */
function splitStatements(statements: readonly string[]): string[] {
  return statements.flatMap(text =>
    text.includes('$$') || /\bdo\b|\bfunction\b/i.test(text)
      ? [text]
      : text
          .split(';')
          .map(part => part.trim())
          .filter(Boolean),
  );
}

function fillIn(
  statement: string,
  values: Readonly<Record<string, string>>,
): string {
  return statement.replace(/\{\{(\w+)\}\}/g, (all, name: string) =>
    Object.hasOwn(values, name) ? values[name] : all,
  );
}
