import path from 'node:path';
import { seconds } from '../output.mjs';
import { readLock } from '../lock.mjs';
import { Problem } from '../problems.mjs';
import { isRunning, sendSignal, until } from '../processes.mjs';

/** Nothing needs to be installed for this. */
export const installs = true;

/**
 * Stops the portal that runs in another terminal.
 *
 * @param {import('../context.mjs').Context} context
 */
export async function run({ home, output }) {
  const holder = readLock(path.join(home, 'run.json'));
  if (!holder || !isRunning(holder)) {
    output.line('› Waystone is not running.');
    return;
  }
  const since = Date.now();
  sendSignal(holder.pid, 'SIGTERM');
  if (!(await until(() => !isRunning(holder), 20_000))) {
    throw new Problem(
      `Waystone (process ${holder.pid}) does not stop. Kill it: kill -9 ${holder.pid}`,
    );
  }
  output.line(`✓ Stopped  ${seconds(since)}`);
}
