import { setTimeout as wait } from 'node:timers/promises';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { PostgresServer, SandboxContext } from '../core/SandboxContext';
import type { VaultCore } from './VaultCore';

/** With which Vault makes accounts in the embedded PostgreSQL, which other installations may use too. */
const ACCOUNT_PREFIX = 'waystone_vault';

const CONNECTION = 'embedded';

/** How long PostgreSQL may take to answer, and how long is waited for another try. */
const PATIENCE_MS = 5_000;
const RETRY_MS = 5_000;

/**
 * Gives the database engine a connection, with an account of its own of which it may change the password.
 *
 * @remarks
 * Its address is renewed in every start, because PostgreSQL may have another port. If PostgreSQL does not answer it is
 * tried again in the background.
 *
 * @internal
 */
export async function connectDatabase(
  context: SandboxContext,
  core: VaultCore,
  signal: AbortSignal,
): Promise<void> {
  const { postgres } = context;
  if (!postgres || (await connect(context, postgres, core))) {
    return;
  }
  void (async () => {
    do {
      await wait(RETRY_MS, undefined, { signal, ref: false });
    } while (!(await connect(context, postgres, core, true)));
    context.log('vault', 'The database engine has its connection now.');
  })().catch(() => {
    // The sandbox stops.
  });
}

async function connect(
  { deriveToken, log }: SandboxContext,
  postgres: PostgresServer,
  core: VaultCore,
  isRetry = false,
): Promise<boolean> {
  const found = core.resolve('', `database/config/${CONNECTION}`);
  const route = found?.backend.routes.find(({ pattern }) =>
    pattern.test(found.path),
  );
  const { update } = route?.operations ?? {};
  if (!found || found.record.type !== 'database' || !update) {
    // Somebody took the engine away.
    return true;
  }
  const username = `${ACCOUNT_PREFIX}_${deriveToken(
    'vault-database-account-name',
  ).slice(0, 10)}`;
  const password = deriveToken('vault-database-account');
  try {
    await makeAccount(postgres, username, password);
    await update(
      {
        path: found.path,
        mountPath: 'database/',
        namespace: '',
        operation: 'update',
        fields: {
          plugin_name: 'postgresql-database-plugin',
          connection_url: `postgresql://{{username}}:{{password}}@${postgres.host}:${postgres.port}/postgres`,
          allowed_roles: ['*'],
          username,
          password,
        },
      },
      CONNECTION,
    );
    core.state.save();
    return true;
  } catch (error) {
    if (!isRetry) {
      log(
        'vault',
        `The database engine has no connection: ${(error as Error).message}`,
      );
    }
    return false;
  }
}

async function makeAccount(
  postgres: PostgresServer,
  username: string,
  password: string,
): Promise<void> {
  const client = new Client({
    ...postgres,
    database: 'postgres',
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
    application_name: 'waystone-sandbox-vault',
  });
  // A connection that breaks while nothing is asked would otherwise end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query(
      'SELECT 1 FROM pg_roles WHERE rolname = $1',
      [username],
    );
    await client.query(
      `${rowCount ? 'ALTER' : 'CREATE'} ROLE ${escapeIdentifier(
        username,
      )} WITH LOGIN SUPERUSER PASSWORD ${escapeLiteral(password)}`,
    );
  } finally {
    // Not waited for: a server that hangs does not say goodbye either.
    void client.end().catch(() => {});
  }
}
