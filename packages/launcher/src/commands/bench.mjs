import fs from 'node:fs';
import path from 'node:path';
import { Problem } from '../problems.mjs';
import { runInherited } from '../runInherited.mjs';

/**
 * The benchmarks.
 *
 * @param {import('../context.mjs').Context} context
 * @returns {Promise<number>} The exit code.
 */
export function run({ repo, args }) {
  const file = path.join(repo, 'packages/e2e/bench.mjs');
  if (!fs.existsSync(file)) {
    throw new Problem(`There are no benchmarks (${file} does not exist).`);
  }
  return runInherited([file, ...args], { cwd: repo });
}
