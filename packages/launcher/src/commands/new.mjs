import { backstageCli } from '../portal.mjs';
import { runInherited } from '../runInherited.mjs';

/**
 * A new package from a template.
 *
 * @param {import('../context.mjs').Context} context
 * @returns {Promise<number>} The exit code.
 */
export function run({ repo, args }) {
  return runInherited([backstageCli(), 'new', ...args], { cwd: repo });
}
