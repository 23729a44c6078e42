import { parseArgs } from 'node:util';
import { seconds } from './output.mjs';
import { Portal, portalSettings } from './portal.mjs';
import { Problem } from './problems.mjs';
import { onStopRequest } from './signals.mjs';

/**
 * The life of a portal, the same for `start` and `dev`: only one at a time, free ports, stopping when asked to or when a part of it fails.
 *
 * @param {import('./context.mjs').Context} context
 * @param {(portal: Portal, options: ReturnType<typeof readArguments>) => Promise<string[]>} start - Starts all parts and returns the lines to greet with.
 * @returns {Promise<number>} The exit code.
 */
export async function runPortal(context, start) {
  const begin = Date.now();
  const { output } = context;
  const options = readArguments(context.args);
  const portal = new Portal(context, portalSettings(context, options));

  let ready = false;
  const stopRequest = new Promise(resolve => {
    onStopRequest(
      () => resolve(undefined),
      // Asked again: whoever does not want to wait need not. The watchdog stops what is left.
      () => process.exit(130),
    );
  });
  const work = (async () => {
    await portal.lock();
    await portal.checkPorts();
    const [first, ...others] = await start(portal, options);
    ready = true;
    output.line();
    output.line(`  ${first}  (${seconds(begin)})`);
    output.line();
    for (const line of others) output.line(`  ${line}`);
    output.line();
    throw await portal.failure();
  })();

  try {
    await Promise.race([work, stopRequest]);
    // What is still being started ends with an error nobody needs.
    work.catch(() => {});
    output.silence();
    output.line();
    output.line('› Stopping …');
    const since = Date.now();
    await portal.stop();
    output.done('Stopped', since);
    return ready ? 0 : 130;
  } catch (error) {
    output.silence();
    await portal.stop();
    throw error;
  }
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export function readArguments(args, env = process.env) {
  for (const name of ['reset', 'port', 'fleet']) {
    const value = env[`npm_config_${name}`];
    if (value && env.npm_lifecycle_event) {
      throw new Problem(
        `npm took --${name} for itself. Put two dashes before it: npm start -- --${name}${
          value === 'true' ? '' : ` ${value}`
        }`,
      );
    }
  }
  try {
    return parseArgs({
      args,
      options: {
        reset: { type: 'boolean', default: false },
        port: { type: 'string' },
        fleet: { type: 'string' },
        verbose: { type: 'boolean', short: 'v', default: false },
      },
    }).values;
  } catch (error) {
    throw new Problem(
      `${
        error.message.split('. ')[0]
      }. Known: --reset, --port N, --fleet N, --verbose`,
    );
  }
}
