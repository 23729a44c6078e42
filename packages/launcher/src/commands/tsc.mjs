import { createRequire } from 'node:module';
import { runInherited } from '../runInherited.mjs';

/**
 * The type check of all packages.
 *
 * @param {import('../context.mjs').Context} context
 * @returns {Promise<number>} The exit code.
 */
export function run({ repo, args }) {
  const tsc = createRequire(`${repo}/`).resolve('typescript/bin/tsc');
  return runInherited([tsc, ...args], { cwd: repo });
}
