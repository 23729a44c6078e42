import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { PostgresServer } from '../../core/SandboxContext';

const CONNECT_MILLISECONDS = 5000;
/** A server that hangs must not hold up whoever waits, such as the end of the sandbox. */
const QUERY_MILLISECONDS = 30_000;
/** Of PostgreSQL: somebody is connected to what is to be copied. */
const OBJECT_IN_USE = '55006';

/** A database with the role that owns it. */
export interface OwnedDatabase {
  readonly database: string;
  readonly owner: string;
}

/**
 * Makes, copies, closes and drops real databases. Every operation can be repeated.
 *
 * @internal
 */
export class DatabaseServer {
  readonly #server: PostgresServer;

  constructor(server: PostgresServer) {
    this.#server = server;
  }

  get host(): string {
    return this.#server.host;
  }

  get port(): number {
    return this.#server.port;
  }

  /** Makes a role and an empty database of its own, unless they are there. */
  async create(
    { database, owner }: OwnedDatabase,
    password: string,
  ): Promise<void> {
    await this.#with('postgres', async client => {
      await makeRole(client, owner, password);
      if (!(await exists(client, database))) {
        await client.query(
          `CREATE DATABASE ${escapeIdentifier(
            database,
          )} OWNER ${escapeIdentifier(owner)}`,
        );
      }
      await closeToOthers(client, database);
    });
  }

  /**
   * Copies a database with its data, unless the copy is there.
   *
   * @param password - of the new owner; without one it cannot log in
   *
   * @remarks
   * PostgreSQL copies only what nobody uses: whoever is connected is cut off for the moment of the copy.
   */
  async copy(
    from: OwnedDatabase,
    to: OwnedDatabase,
    password?: string,
  ): Promise<void> {
    await this.#with('postgres', async client => {
      await makeRole(client, to.owner, password);
      if (!(await exists(client, to.database))) {
        await copyDatabase(client, from.database, to);
      }
      await closeToOthers(client, to.database);
    });
    await this.#with(to.database, async client => {
      if (await hasRole(client, from.owner)) {
        await client.query(
          `REASSIGN OWNED BY ${escapeIdentifier(
            from.owner,
          )} TO ${escapeIdentifier(to.owner)}`,
        );
        // Rights that the old owner was given, in this database only.
        await client.query(`DROP OWNED BY ${escapeIdentifier(from.owner)}`);
      }
    });
    // REASSIGN also took over the old owner's databases.
    await this.#with('postgres', async client => {
      if (await exists(client, from.database)) {
        await client.query(
          `ALTER DATABASE ${escapeIdentifier(
            from.database,
          )} OWNER TO ${escapeIdentifier(from.owner)}`,
        );
        await closeToOthers(client, from.database);
        await client.query(
          `GRANT CONNECT ON DATABASE ${escapeIdentifier(
            from.database,
          )} TO ${escapeIdentifier(from.owner)}`,
        );
      }
    });
  }

  /** Lets nobody in and cuts off whoever is connected, or opens it again. */
  async setOpen({ database }: OwnedDatabase, open: boolean): Promise<void> {
    await this.#with('postgres', async client => {
      if (!(await exists(client, database))) {
        return;
      }
      await client.query(
        `ALTER DATABASE ${escapeIdentifier(
          database,
        )} ALLOW_CONNECTIONS ${open}`,
      );
      if (!open) {
        await cutOff(client, database);
      }
    });
  }

  async drop({ database, owner }: OwnedDatabase): Promise<void> {
    await this.#with('postgres', async client => {
      await client.query(
        `DROP DATABASE IF EXISTS ${escapeIdentifier(database)} WITH (FORCE)`,
      );
      await client.query(`DROP ROLE IF EXISTS ${escapeIdentifier(owner)}`);
    });
  }

  async #with<T>(
    database: string,
    work: (client: Client) => Promise<T>,
  ): Promise<T> {
    const client = new Client({
      ...this.#server,
      database,
      connectionTimeoutMillis: CONNECT_MILLISECONDS,
      query_timeout: QUERY_MILLISECONDS,
      application_name: 'waystone-sandbox-crossplane',
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

async function copyDatabase(
  client: Client,
  from: string,
  to: OwnedDatabase,
): Promise<void> {
  const copy = () =>
    client.query(
      `CREATE DATABASE ${escapeIdentifier(
        to.database,
      )} TEMPLATE ${escapeIdentifier(from)} OWNER ${escapeIdentifier(
        to.owner,
      )}`,
    );
  try {
    await copy();
  } catch (error) {
    if ((error as { code?: string }).code !== OBJECT_IN_USE) {
      throw error;
    }
    const { rows } = await client.query<{ open: boolean }>(
      'SELECT datallowconn AS open FROM pg_database WHERE datname = $1',
      [from],
    );
    const allow = (open: boolean) =>
      client.query(
        `ALTER DATABASE ${escapeIdentifier(from)} ALLOW_CONNECTIONS ${open}`,
      );
    await allow(false);
    try {
      await cutOff(client, from);
      await copy();
    } finally {
      await allow(rows[0]?.open ?? true);
    }
  }
}

async function cutOff(client: Client, database: string): Promise<void> {
  await client.query(
    // Waits until they are gone.
    'SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
    [database],
  );
}

async function makeRole(
  client: Client,
  role: string,
  password: string | undefined,
): Promise<void> {
  const verb = (await hasRole(client, role)) ? 'ALTER' : 'CREATE';
  await client.query(
    `${verb} ROLE ${escapeIdentifier(role)} WITH ${
      password ? `LOGIN PASSWORD ${escapeLiteral(password)}` : 'NOLOGIN'
    }`,
  );
}

async function closeToOthers(client: Client, database: string): Promise<void> {
  await client.query(
    `REVOKE CONNECT ON DATABASE ${escapeIdentifier(database)} FROM PUBLIC`,
  );
}

async function exists(client: Client, database: string): Promise<boolean> {
  const { rowCount } = await client.query(
    'SELECT 1 FROM pg_database WHERE datname = $1',
    [database],
  );
  return rowCount === 1;
}

async function hasRole(client: Client, role: string): Promise<boolean> {
  const { rowCount } = await client.query(
    'SELECT 1 FROM pg_roles WHERE rolname = $1',
    [role],
  );
  return rowCount === 1;
}
