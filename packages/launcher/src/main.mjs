import { createContext, prepareFolders } from './context.mjs';
import { installDependencies } from './install.mjs';
import { rightNode, runUnder } from './node.mjs';
import { Problem, machineCause } from './problems.mjs';
import { watchdog } from './processes.mjs';
import { toolsPath } from './toolsPath.mjs';

/** Each command's module exports `run(context)`; those that install themselves say so with `installs = true`. */
const COMMANDS = {
  start:
    'the portal at http://localhost:7007 (--reset, --port N, --fleet N, --verbose)',
  dev: 'the portal with hot reload at http://localhost:3000 (--reset)',
  test: 'every check (--only unit,e2e; arguments after -- go to Jest)',
  tsc: 'the type check',
  lint: 'ESLint over all packages',
  build: 'all packages',
  bench: 'the benchmarks (bench integrations, catalog, search: of these parts)',
  new: 'a new package from a template',
  sandbox: 'stories and faults of the sandbox that runs (try: sandbox help)',
  postgres: 'a throw-away PostgreSQL, until Ctrl-C',
  stop: 'the portal that runs in another terminal',
};

/**
 * @param {string[]} argv - The command and its arguments.
 */
export async function main(argv) {
  const [command = '', ...args] = argv;
  if (!Object.hasOwn(COMMANDS, command)) {
    console.log(usage());
    process.exit(['', 'help', '--help', '-h'].includes(command) ? 0 : 1);
  }
  const context = createContext(command, args);
  process.chdir(context.repo);
  try {
    prepareFolders(context);
    const node = await rightNode(context);
    if (node !== process.execPath) {
      process.exit(await runUnder(node, argv));
    }
    process.env.PATH = toolsPath(context);
    const module = await import(`./commands/${command}.mjs`);
    if (!module.installs) await installDependencies(context);
    const code = await module.run(context);
    await watchdog.stopAll();
    process.exit(code ?? 0);
  } catch (error) {
    const code = report(error, context);
    await watchdog.stopAll();
    process.exit(code);
  }
}

/**
 * @param {unknown} error
 * @param {import('./context.mjs').Context} context
 * @returns {number} The exit code.
 */
export function report(error, { output, logs }) {
  output.abandon();
  if (error instanceof Problem) {
    if (error.details) {
      output.line(error.details.replace(/^/gm, '    '));
    }
    output.fail(error.message);
    return error.exitCode;
  }
  // A full disk and the like can show up anywhere.
  const cause = machineCause(error);
  if (cause) {
    output.fail(`${cause} (${error.message})`);
    return 1;
  }
  output.fail(`Waystone failed unexpectedly. Logs: ${logs}`);
  output.line(error?.stack ?? String(error));
  return 1;
}

function usage() {
  const lines = Object.entries(COMMANDS).map(
    ([name, what]) => `  ${name.padEnd(9)} ${what}`,
  );
  return `Usage: npm run <command> [-- arguments]\n\n${lines.join('\n')}`;
}
