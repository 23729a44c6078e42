import { Client } from 'pg';

const PATIENCE_MS = 3000;

/** Tries whether a connection can be used; why not, in a sentence without credentials. */
export type ConnectionCheck = (
  engine: string,
  values: Readonly<Record<string, string>>,
) => Promise<string | undefined>;

/** Connects and asks the simplest question. Engines that it does not know count as usable. */
export const checkConnection: ConnectionCheck = async (engine, values) => {
  if (engine !== 'postgresql') {
    return undefined;
  }
  const connectionString = values['fqdn-uri'] ?? values.uri;
  if (!connectionString) {
    return 'The secret has no key uri';
  }
  const client = new Client({
    connectionString,
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
    application_name: 'waystone-readiness',
  });
  // Errors after the answer are of no interest.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return undefined;
  } catch (error) {
    return `The database does not accept connections yet (${codeOf(error)})`;
  } finally {
    await client.end().catch(() => {});
  }
};

/** Messages of the driver may name hosts and users. */
function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[A-Z0-9_]+$/.test(code)
    ? code
    : 'no answer';
}
