import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startPostgres } from './postgres.mjs';
import { identify, isRunning } from './processes.mjs';

const PREFIX = 'waystone-postgres-';

/**
 * A PostgreSQL in a temporary folder, which `stop` removes.
 *
 * @returns {Promise<import('./postgres.mjs').Postgres>}
 */
export async function startThrowAwayPostgres() {
  removeLeftBehind();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), PREFIX));
  fs.writeFileSync(
    path.join(folder, 'owner.json'),
    JSON.stringify(identify(process.pid)),
  );
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

/** After `kill -9` the server stops by itself, but nobody removes its folder. */
function removeLeftBehind() {
  for (const name of fs.readdirSync(os.tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = path.join(os.tmpdir(), name);
    try {
      const owner = JSON.parse(
        fs.readFileSync(path.join(folder, 'owner.json'), 'utf8'),
      );
      if (!isRunning(owner)) fs.rmSync(folder, { recursive: true });
    } catch {
      // Just being made, or of another user.
    }
  }
}
