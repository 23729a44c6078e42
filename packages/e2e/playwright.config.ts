import { defineConfig } from '@playwright/test';
import { BROWSER_ARGS } from './browser.mjs';

const env = process.env;
if (!env.WAYSTONE_E2E_PORTALS || !env.CHROMIUM_PATH) {
  throw new Error(
    'WAYSTONE_E2E_PORTALS and CHROMIUM_PATH are not set. Start the journeys with: node packages/e2e/run.mjs',
  );
}
// A worker reads this file too, and has a portal of its own.
const portals: readonly Record<string, string>[] = JSON.parse(
  env.WAYSTONE_E2E_PORTALS,
);
Object.assign(
  env,
  portals[Number(env.TEST_PARALLEL_INDEX ?? 0) % portals.length],
);

export default defineConfig({
  testDir: './src/journeys',
  testMatch: '**/*.journey.ts',
  outputDir: './e2e-results/artifacts',
  // The journeys of a worker use one portal, and its data.
  fullyParallel: false,
  workers: portals.length,
  retries: env.CI ? 1 : 0,
  forbidOnly: Boolean(env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [
    [env.CI ? 'line' : 'list'],
    ['json', { outputFile: './e2e-results/results.json' }],
  ],
  use: {
    browserName: 'chromium',
    baseURL: env.WAYSTONE_E2E_URL,
    colorScheme: 'light',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1440, height: 900 },
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    trace: 'on-first-retry',
    launchOptions: { executablePath: env.CHROMIUM_PATH, args: BROWSER_ARGS },
  },
});
