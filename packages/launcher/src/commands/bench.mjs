import path from 'node:path';
import { transformArguments } from '../portal.mjs';
import { runInherited } from '../runInherited.mjs';

/** What is run of a package, one after the other. */
const PACKAGES = {
  'application-model': ['compile.ts'],
  integrations: ['measure.ts', 'argocdApplications.ts'],
};

/**
 * The benchmarks: of the portal beside the stock app, or with a package's name those of the package.
 *
 * @param {import('../context.mjs').Context} context
 * @returns {Promise<number>} The exit code.
 */
export async function run({ repo, args }) {
  if (!Object.hasOwn(PACKAGES, args[0] ?? '')) {
    const file = path.join(repo, 'packages/e2e/bench.mjs');
    return runInherited([file, ...args], { cwd: repo });
  }
  for (const name of PACKAGES[args[0]]) {
    const code = await runInherited(
      [
        '--expose-gc',
        ...transformArguments(),
        path.join(repo, 'packages', args[0], 'bench', name),
      ],
      { cwd: repo },
    );
    if (code !== 0) return code;
  }
  return 0;
}
