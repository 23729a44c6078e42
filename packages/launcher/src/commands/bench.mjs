import path from 'node:path';
import { transformArguments } from '../portal.mjs';
import { runInherited } from '../runInherited.mjs';

/** What `bench integrations` runs, one after the other. */
const INTEGRATIONS = ['measure.ts', 'argocdApplications.ts'];

/**
 * The benchmarks: of the portal beside the stock app, or with `integrations` those of the integration layer.
 *
 * @param {import('../context.mjs').Context} context
 * @returns {Promise<number>} The exit code.
 */
export async function run({ repo, args }) {
  if (args[0] !== 'integrations') {
    const file = path.join(repo, 'packages/e2e/bench.mjs');
    return runInherited([file, ...args], { cwd: repo });
  }
  for (const name of INTEGRATIONS) {
    const code = await runInherited(
      [
        '--expose-gc',
        ...transformArguments(),
        path.join(repo, 'packages/integrations/bench', name),
      ],
      { cwd: repo },
    );
    if (code !== 0) return code;
  }
  return 0;
}
