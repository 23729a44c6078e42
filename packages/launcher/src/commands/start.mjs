import { buildPackage } from '../build.mjs';
import { checkConfigCached } from '../configCheck.mjs';
import { installDependencies } from '../install.mjs';
import { runPortal } from '../runPortal.mjs';

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
  const { output, logs } = context;
  return runPortal(context, async (portal, options) => {
    const { settings } = portal;
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
    return [
      `Waystone is ready at ${output.bold(settings.appBaseUrl)}`,
      'Sign in as one of Fernway’s people: the sign-in page lists them.',
      'Maya Okafor (maya.okafor), a developer who owns services, is a good start.',
      `Stop with Ctrl-C. Begin with empty data: npm start -- --reset. Logs: ${logs}`,
    ];
  });
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
  await Promise.all([
    timed('Database', () => portal.startDatabase()).then(() =>
      timed('Sandbox', () =>
        portal.startSandbox({ onLine: logLine('sandbox') }),
      ),
    ),
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
