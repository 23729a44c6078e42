import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { findBrowser } from './browser.mjs';
import { waitForOrganisation } from './signIn.mjs';
import {
  freePort,
  startPortal as startByLauncher,
  temporaryFolder,
} from './startPortal.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const RESULTS = join(here, 'e2e-results/results.json');

/** What a portal, its database, its sandbox and a browser take together, in bytes. */
const MEMORY_OF_A_PORTAL = 3 * 1024 ** 3;

/**
 * Runs the browser journeys against portals of their own: two at a time where the machine can bear it, unless only some are run.
 *
 * @param {object} options
 * @param {string} options.repo - The repository's folder.
 * @param {(line: string) => void} options.log
 * @param {typeof startByLauncher} [options.startPortal] - Starts a portal; by default as `npm start` does.
 * @param {string} [options.url] - A portal that runs already, started with WAYSTONE_SANDBOX_TEST_PEOPLE=1.
 * @param {string} [options.sandboxUrl] - Its sandbox.
 * @param {string[]} [options.args] - For Playwright, such as `--grep`.
 * @returns {Promise<{ passed: number, failed: number, skipped: number, failures: string[], unstable: string[] }>}
 */
export async function run({
  repo,
  log,
  startPortal = startByLauncher,
  url,
  sandboxUrl,
  args = [],
}) {
  const browser = await findBrowser();
  if (url) {
    const sandboxToken = process.env.WAYSTONE_E2E_SANDBOX_TOKEN ?? '';
    const portals = [{ url, sandboxUrl, sandboxToken }];
    return runJourneys({ portals, browser, log, args });
  }
  const portals = [];
  try {
    const many = args.length === 0 ? portalsAtOnce() : 1;
    log(
      `Starting ${many === 1 ? 'a portal' : 'two portals'} for the journeys …`,
    );
    // One after the other: the first builds the frontend of both.
    for (let lane = 0; lane < many; lane++) {
      portals.push(await startLane({ repo, startPortal, log }));
    }
    return await runJourneys({ portals, browser, log, args });
  } finally {
    await Promise.all(portals.map(portal => portal.stop()));
  }
}

function portalsAtOnce() {
  const room = Math.floor(totalmem() / MEMORY_OF_A_PORTAL);
  return Math.max(1, Math.min(2, availableParallelism(), room));
}

/** A portal with data of its own, which go with it. */
async function startLane({ repo, startPortal, log }) {
  const home = await temporaryFolder('waystone-e2e');
  const clean = () => rm(home, { recursive: true, force: true });
  try {
    const portal = await startPortal({
      repo,
      home,
      port: await freePort(),
      sandboxPort: await freePort(),
      env: { WAYSTONE_SANDBOX_TEST_PEOPLE: '1' },
      onLine: log,
    });
    return {
      ...portal,
      sandboxToken: await readSandboxToken(home),
      stop: async () => {
        await portal.stop();
        await clean();
      },
    };
  } catch (error) {
    await clean();
    throw error;
  }
}

/** With it journeys push to repositories of the sandbox, as people do. */
async function readSandboxToken(home) {
  const secrets = await readFile(join(home, 'secrets.json'), 'utf8');
  return JSON.parse(secrets).sandboxToken;
}

async function runJourneys({ portals, browser, log, args }) {
  await Promise.all(portals.map(({ url }) => waitForOrganisation(url)));
  await rm(join(here, 'screenshots'), { recursive: true, force: true });
  await rm(RESULTS, { force: true });
  const code = await runPlaywright(args, log, {
    WAYSTONE_E2E_PORTALS: JSON.stringify(
      portals.map(({ url, sandboxUrl, sandboxToken }) => ({
        WAYSTONE_E2E_URL: url,
        WAYSTONE_E2E_SANDBOX_URL: sandboxUrl,
        WAYSTONE_E2E_SANDBOX_TOKEN: sandboxToken,
      })),
    ),
    CHROMIUM_PATH: browser,
  });
  let report;
  try {
    report = JSON.parse(await readFile(RESULTS, 'utf8'));
  } catch (error) {
    throw new Error(
      `The journeys ended with exit code ${code} and left no results in ${RESULTS} (${error.code})`,
    );
  }
  const { expected, flaky, skipped, unexpected } = report.stats;
  const failures = [
    ...report.errors.map(error => firstLines(error.message)),
    ...failedSpecs(report.suites),
  ];
  return {
    passed: expected + flaky,
    // Errors outside of a journey, such as one in a fixture file, count as a failure too.
    failed: unexpected + report.errors.length,
    skipped,
    failures,
    unstable: unstableSpecs(report.suites),
  };
}

function runPlaywright(args, log, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [
        require.resolve('@playwright/test/cli'),
        'test',
        '--config',
        join(here, 'playwright.config.ts'),
        ...args,
      ],
      {
        cwd: here,
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream.setEncoding('utf8').on('data', chunk => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop();
        lines.forEach(line => log(line));
      });
      stream.on('end', () => rest && log(rest));
    }
    child.once('error', reject);
    child.once('close', resolve);
  });
}

function unstableSpecs(suites = []) {
  return suites.flatMap(suite => [
    ...unstableSpecs(suite.suites),
    ...(suite.specs ?? [])
      .filter(({ tests }) => tests.some(({ status }) => status === 'flaky'))
      .map(({ file, title }) => `${file}: ${title}`),
  ]);
}

function failedSpecs(suites = []) {
  return suites.flatMap(suite => [
    ...failedSpecs(suite.suites),
    ...(suite.specs ?? [])
      .filter(spec => !spec.ok)
      .map(spec => {
        const errors = spec.tests
          .flatMap(test => test.results.at(-1)?.errors ?? [])
          .map(error => firstLines(error.message ?? ''));
        return `${spec.file}: ${spec.title}\n${errors.join('\n')}`;
      }),
  ]);
}

/** Without the colours that Playwright puts in. */
function firstLines(message) {
  return (
    message
      // eslint-disable-next-line no-control-regex
      .replace(/\u001b\[[0-9;]*m/g, '')
      .split('\n')
      .slice(0, 12)
      .join('\n')
  );
}

async function main() {
  const { values, positionals } = parseArgs({
    options: {
      url: { type: 'string' },
      'sandbox-url': { type: 'string' },
      grep: { type: 'string', short: 'g' },
    },
    allowPositionals: true,
  });
  const result = await run({
    repo: join(here, '../..'),
    log: line => console.log(line),
    url: values.url,
    sandboxUrl:
      values['sandbox-url'] ?? (values.url && defaultSandbox(values.url)),
    args: [...(values.grep ? ['--grep', values.grep] : []), ...positionals],
  });
  console.log(
    `${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`,
  );
  return result.failed > 0 ? 1 : 0;
}

/** The sandbox listens on the port after the portal's. */
function defaultSandbox(portal) {
  const url = new URL(portal);
  url.port = String(Number(url.port || 80) + 1);
  return url.origin;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().then(
    code => process.exit(code),
    error => {
      console.error(error.message);
      process.exit(1);
    },
  );
}
