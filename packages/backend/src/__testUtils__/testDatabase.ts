/**
 * The PostgreSQL that tests run against.
 *
 * `npm test` starts one. By hand: `node packages/launcher/bin/waystone-run.mjs
 * postgres` prints the value for the variable.
 *
 * @internal
 */
export function testDatabase() {
  const variable = 'BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING';
  const connectionString = process.env[variable];
  if (!connectionString) {
    throw new Error(
      `These tests need a PostgreSQL: set ${variable}, or run them through 'npm test'`,
    );
  }
  const url = new URL(connectionString);
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1) || 'postgres',
  };
}
