/**
 * Makes a thread run the TypeScript of this repository, as the transform of the Backstage CLI does but without its hooks
 * for ECMAScript modules: they take longer to set up than all the rest of a thread, which needs none of them.
 */
const { createRequire } = require('node:module');

// What the transform itself is made of
const requireOfCli = createRequire(
  require.resolve('@backstage/cli/package.json'),
);
const { transformSync } = requireOfCli('@swc/core');
const { addHook } = requireOfCli('pirates');

addHook(
  (code, filename) =>
    transformSync(code, {
      filename,
      sourceMaps: 'inline',
      module: { type: 'commonjs', ignoreDynamic: true },
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
    }).code,
  { extensions: ['.ts'], ignoreNodeModules: true },
);
