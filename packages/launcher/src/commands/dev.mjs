import { answers, exitProblem } from '../children.mjs';
import { checkConfigCached } from '../configCheck.mjs';
import { installDependencies } from '../install.mjs';
import { until } from '../processes.mjs';
import { runPortal } from '../runPortal.mjs';

/** The lock comes before the installation. */
export const installs = true;

/**
 * The portal with hot reload: the frontend from a development server, the backend and the sandbox restarting when their sources change.
 *
 * @param {import('../context.mjs').Context} context
 * @returns {Promise<number>} The exit code.
 */
export async function run(context) {
  const { output } = context;
  return runPortal(context, async (portal, options) => {
    const { settings } = portal;
    await installDependencies(context);
    await checkConfigCached(context, {
      files: settings.configFiles,
      env: portal.environment(),
    });
    if (options.reset) await portal.reset();
    const print = name => line => {
      // The launcher's own questions whether the backend is ready yet.
      if (line.includes('/.backstage/health/')) return;
      output.line(`${name} │ ${readable(line)}`);
    };
    await output.step('Database', () => portal.startDatabase());
    await output.step('Sandbox', () =>
      portal.startSandbox({ watch: true, onLine: print('sandbox ') }),
    );
    const backend = portal.startPackage(
      'backend',
      'packages/backend',
      print('backend '),
    );
    const frontend = portal.startPackage(
      'frontend',
      'packages/app',
      print('frontend'),
    );
    await output.step('Backend and frontend', async () => {
      await portal.waitForBackend(backend);
      // The first compilation may fail on a mistake in the sources; the development server waits for the correction, and so does this.
      await until(
        async () => frontend.hasExited() || answers(settings.appBaseUrl),
        24 * 3600_000,
        300,
      );
      if (frontend.hasExited()) {
        throw await exitProblem(frontend, 'did not start');
      }
    });
    return [
      `Waystone is ready at ${output.bold(settings.appBaseUrl)}`,
      'Changes in the sources show at once. Stop with Ctrl-C.',
    ];
  });
}

/** The programs write colours and move the cursor; only the text is of use here. */
function readable(line) {
  // eslint-disable-next-line no-control-regex
  return line.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
}
