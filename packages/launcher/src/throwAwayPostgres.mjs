import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startPostgres } from './postgres.mjs';

/**
 * A PostgreSQL in a temporary folder, which `stop` removes.
 *
 * @returns {Promise<import('./postgres.mjs').Postgres>}
 */
export async function startThrowAwayPostgres() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waystone-postgres-'));
  // The database account must be able to enter; what is inside has its own permissions.
  fs.chmodSync(folder, 0o711);
  const remove = () =>
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    const database = await startPostgres({
      dataFolder: path.join(folder, 'data'),
      logFile: path.join(folder, 'postgres.log'),
      password: randomBytes(12).toString('hex'),
      throwAway: true,
    });
    return {
      ...database,
      async stop() {
        await database.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
