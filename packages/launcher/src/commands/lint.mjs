import { backstageCli } from '../portal.mjs';
import { runInherited } from '../runInherited.mjs';

/**
 * ESLint over all packages.
 *
 * @param {import('../context.mjs').Context} context
 * @returns {Promise<number>} The exit code.
 */
export function run({ repo, args }) {
  return runInherited([backstageCli(), 'repo', 'lint', ...args], { cwd: repo });
}
