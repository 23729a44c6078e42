import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 20_000;

/**
 * Waits until the catalog knows somebody. The backend is ready before it has read the first entity, and a newcomer who signs in at once
 * would be refused. Gives up in silence: a catalog without people is the business of whoever configured it.
 *
 * @param {{ host: string, port: number, user: string, password: string }} database
 */
export async function waitForPeople({ host, port, user, password }) {
  // Not installed yet when the launcher's first phase loads this file.
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    host,
    port,
    user,
    password,
    database: 'backstage_plugin_catalog',
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const until = Date.now() + PATIENCE_MS;
    while (Date.now() < until) {
      const { rowCount } = await client.query(
        "SELECT 1 FROM final_entities WHERE entity_ref LIKE 'user:%' AND final_entity IS NOT NULL LIMIT 1",
      );
      if (rowCount) return;
      await sleep(200);
    }
  } catch {
    // Signing in works or says what is wrong; starting must not fail for this.
  } finally {
    await client.end().catch(() => {});
  }
}
