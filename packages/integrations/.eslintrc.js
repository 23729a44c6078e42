module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  overrides: [
    {
      files: [
        'src/**/*.test.ts',
        'src/*/conformance.ts',
        'src/*/conformance/*.ts',
      ],
      rules: {
        // What must hold after every test, such as that no connection is left
        'jest/no-standalone-expect': [
          'error',
          { additionalTestBlockFunctions: ['beforeEach', 'afterEach'] },
        ],
      },
    },
    {
      // One suite for the sandbox and for a real system
      files: ['src/*/conformance.ts', 'src/*/conformance/*.ts'],
      rules: { 'jest/no-export': 'off' },
    },
  ],
});
