import path from 'node:path';
import { transformArguments } from '../portal.mjs';
import { runInherited } from '../runInherited.mjs';

const CATALOG = 'plugins/catalog-backend-module-waystone/bench';

/** What is run by which name, one after the other. */
const BENCHMARKS = {
  'application-model': ['packages/application-model/bench/compile.ts'],
  audit: ['plugins/audit-backend/bench/measure.ts'],
  catalog: [`${CATALOG}/measure.ts`],
  delivery: ['plugins/delivery-backend/bench/measure.ts'],
  docs: ['plugins/techdocs-backend-module-native/bench/measure.ts'],
  'golden-paths': [
    'packages/application-model/bench/compile.ts',
    'packages/e2e/bench/goldenPaths.mjs',
  ],
  governance: ['plugins/governance-backend/bench/measure.ts'],
  infrastructure: ['plugins/infrastructure-backend/bench/measure.ts'],
  integrations: [
    'packages/integrations/bench/measure.ts',
    'packages/integrations/bench/argocdApplications.ts',
  ],
  observability: ['plugins/observability-backend/bench/measure.ts'],
  search: [`${CATALOG}/search.ts`],
};

/**
 * The benchmarks: of the portal beside the stock app, or with a name those of a part of it.
 *
 * @param {import('../context.mjs').Context} context
 * @returns {Promise<number>} The exit code.
 */
export async function run({ repo, args }) {
  const [name, ...rest] = args;
  if (!Object.hasOwn(BENCHMARKS, name ?? '')) {
    const file = path.join(repo, 'packages/e2e/bench.mjs');
    return runInherited([file, ...args], { cwd: repo });
  }
  for (const file of BENCHMARKS[name]) {
    const code = await runInherited(
      ['--expose-gc', ...transformArguments(), path.join(repo, file), ...rest],
      { cwd: repo },
    );
    if (code !== 0) return code;
  }
  return 0;
}
