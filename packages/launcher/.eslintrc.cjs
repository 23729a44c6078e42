const { createConfigForRole } = require('@backstage/cli/config/eslint-factory');

// It is no Backstage package, and its tests are for Node's own runner.
module.exports = createConfigForRole(__dirname, 'node-library', {
  parserOptions: { ecmaVersion: 2022 },
  rules: { 'no-console': 'off' },
});
