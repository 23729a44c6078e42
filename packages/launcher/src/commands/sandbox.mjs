import path from 'node:path';
import { runInherited } from '../runInherited.mjs';

/**
 * Stories and faults of the sandbox that runs.
 *
 * @param {import('../context.mjs').Context} context
 * @returns {Promise<number>} The exit code.
 */
export function run({ repo, home, args }) {
  return runInherited(
    [path.join(repo, 'packages/sandbox/bin/waystone-sandbox.mjs'), ...args],
    {
      cwd: repo,
      env: {
        ...process.env,
        WAYSTONE_SANDBOX_STATE: path.join(home, 'sandbox'),
      },
    },
  );
}
