import { backstageCli } from '../portal.mjs';
import { runInherited } from '../runInherited.mjs';

/**
 * Builds all packages.
 *
 * @param {import('../context.mjs').Context} context
 * @returns {Promise<number>} The exit code.
 */
export function run({ repo, args }) {
  return runInherited([backstageCli(), 'repo', 'build', '--all', ...args], {
    cwd: repo,
  });
}
