import { parseArgs } from 'node:util';
import { buildPackage } from '../build.mjs';
import { checkConfigCached } from '../configCheck.mjs';
import { installDependencies } from '../install.mjs';
import { seconds } from '../output.mjs';
import { Portal, portalSettings } from '../portal.mjs';
import { Problem } from '../problems.mjs';
import { onStopRequest } from '../signals.mjs';

/** The lock comes before the installation. */
export const installs = true;

/** Steps that are shorter than this need no line of their own. */
const QUIET_MS = 400;

/**
 * The portal with everything it needs, on this machine.
 *
 * @param {import('../context.mjs').Context} context
 * @returns {Promise<number>} The exit code.
 */
export async function run(context) {
  const begin = Date.now();
  const { output } = context;
  const options = readArguments(context.args);
  const settings = portalSettings(context, options);
  const portal = new Portal(context, settings);

  let ready = false;
  const stopRequest = new Promise(resolve => {
    onStopRequest(
      () => resolve({ stopped: true }),
      // Asked again: whoever does not want to wait need not. The watchdog stops what is left.
      () => process.exit(130),
    );
  });
  const work = (async () => {
    await portal.lock();
    await portal.checkPorts();
    await installDependencies(context);
    await output.step(
      'Checking the configuration',
      () =>
        checkConfigCached(context, {
          files: settings.configFiles,
          env: portal.environment(),
        }),
      { quietUnder: QUIET_MS },
    );
    if (options.reset) await portal.reset();
    await startAll(portal, options);
    ready = true;
    greet(context, settings, begin);
    throw await portal.failure();
  })();

  try {
    await Promise.race([work, stopRequest]);
    output.line();
    output.line('› Stopping …');
    const since = Date.now();
    // What is still being started ends with an error nobody needs.
    work.catch(() => {});
    await portal.stop();
    output.line(`✓ Stopped  ${seconds(since)}`);
    return ready ? 0 : 130;
  } catch (error) {
    await portal.stop();
    throw error;
  }
}

async function startAll(portal, { verbose }) {
  const { context, settings } = portal;
  const { output } = context;
  const timed = async (name, action) => {
    const since = Date.now();
    await action();
    output.done(name, since);
  };
  const logLine = name =>
    verbose ? line => output.line(`${name} │ ${line}`) : undefined;

  // The database and the sandbox come up while the frontend builds.
  const beside = timed('Database', () => portal.startDatabase()).then(() =>
    timed('Sandbox', () => portal.startSandbox({ onLine: logLine('sandbox') })),
  );
  await Promise.all([
    beside,
    buildPackage(context, {
      name: 'frontend',
      folder: 'packages/app',
      result: 'dist/index.html',
      configFiles: settings.configFiles,
      env: portal.environment(),
    }),
  ]);
  await output.step(
    'Backend',
    () => portal.startBackend({ onLine: logLine('backend') }),
    { announce: false },
  );
}

function greet({ output, logs }, settings, begin) {
  output.line();
  output.line(
    `  Waystone is ready at ${output.bold(settings.appBaseUrl)}  (${seconds(
      begin,
    )})`,
  );
  output.line();
  output.line(
    '  Sign in as one of Fernway’s people: the sign-in page lists them.',
  );
  output.line(
    '  Maya Okafor (maya.okafor), a developer who owns services, is a good start.',
  );
  output.line(
    `  Stop with Ctrl-C. Begin with empty data: npm start -- --reset. Logs: ${logs}`,
  );
  output.line();
}

/** @param {string[]} args */
export function readArguments(args) {
  try {
    return parseArgs({
      args,
      options: {
        reset: { type: 'boolean', default: false },
        port: { type: 'string' },
        verbose: { type: 'boolean', short: 'v', default: false },
      },
    }).values;
  } catch (error) {
    throw new Problem(
      `${error.message.split('. ')[0]}. Known: --reset, --port N, --verbose`,
    );
  }
}
