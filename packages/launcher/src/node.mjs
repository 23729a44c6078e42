import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { downloadCause, Problem } from './problems.mjs';
import { lastLinesOf, sendSignal, watchdog } from './processes.mjs';
import { onParentGone } from './signals.mjs';

/** The Node versions that Backstage supports, and the one to fetch when the machine has another. */
const SUPPORTED = [22, 24];
const FETCHED = 24;

/**
 * @param {string} version - Such as `20.11.0`.
 * @returns {boolean}
 */
export function isSupported(version) {
  return SUPPORTED.includes(Number(version.split('.')[0]));
}

/**
 * @param {string} platform
 * @param {string} arch
 * @returns {string | undefined} The npm package that holds Node for this machine.
 */
export function nodePackage(platform, arch) {
  return ['linux', 'darwin'].includes(platform) &&
    ['x64', 'arm64'].includes(arch)
    ? `node-${platform}-${arch}`
    : undefined;
}

/**
 * @param {import('./context.mjs').Context} context
 * @param {string} [version] - Of the running Node.
 * @returns {Promise<string>} A Node to run under: the running one, or one that is fetched from the npm registry.
 */
export async function rightNode(context, version = process.versions.node) {
  if (isSupported(version)) return process.execPath;
  const name = nodePackage(process.platform, process.arch);
  if (!name) {
    throw new Problem(
      `Waystone needs Node 22 or 24; this is Node ${version}, and there is none to fetch for ${process.platform} on ${process.arch}. Install Node ${FETCHED} from https://nodejs.org`,
    );
  }
  const folder = path.join(context.checkoutState, 'node');
  const node = path.join(folder, 'node_modules', name, 'bin', 'node');
  if (isUsable(node)) return node;
  await withLock(
    path.join(context.checkoutState, 'node.lock'),
    { output: context.output, what: 'fetching Node' },
    async () => {
      if (isUsable(node)) return;
      await context.output.step(
        `Fetching Node ${FETCHED} (this machine has Node ${version})`,
        () => fetchNode(name, folder),
      );
      if (!isUsable(node)) {
        throw new Problem(
          `The fetched Node (${node}) does not run on this machine${
            process.platform === 'linux' ? ' (it needs glibc)' : ''
          }. Install Node ${FETCHED} from https://nodejs.org and start again.`,
        );
      }
    },
  );
  return node;
}

/** @param {string} node */
function isUsable(node) {
  if (!fs.existsSync(node)) return false;
  // A fetch that was interrupted may have left half a file.
  return spawnSync(node, ['--version'], { stdio: 'ignore' }).status === 0;
}

async function fetchNode(name, folder) {
  // Begun anew: what an interrupted fetch left behind is of no use.
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  // With a package.json of its own npm does not look for a project in the folders above.
  fs.writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
  const { code, text } = await runNpm([
    'install',
    '--no-save',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--loglevel=error',
    '--prefix',
    folder,
    `${name}@${FETCHED}`,
  ]);
  if (code === 0) return;
  if (code === undefined) {
    throw new Problem(
      `npm is not on the PATH, so Node ${FETCHED} cannot be fetched. Install Node ${FETCHED} from https://nodejs.org and start again.`,
    );
  }
  throw new Problem(
    `Node ${FETCHED} could not be fetched. ${
      downloadCause(text, folder) ??
      `Install Node ${FETCHED} from https://nodejs.org and start again.`
    }`,
    { details: lastLinesOf(text, 6) },
  );
}

function runNpm(args) {
  // Inside `npm start` npm says where it is; its program may be a script for Node.
  const inside = process.env.npm_execpath;
  const [program, ...first] =
    inside && /npm-cli\.c?js$/.test(inside) && fs.existsSync(inside)
      ? [process.execPath, inside]
      : ['npm'];
  return new Promise(resolve => {
    let text = '';
    const child = spawn(program, [...first, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        // Settings of the npm that runs this script (its own --prefix, workspace and so on) are not meant for this one.
        npm_config_global: '',
        npm_config_workspace: undefined,
        npm_config_workspaces: undefined,
        npm_config_omit: '',
        npm_config_fetch_retries: '1',
        npm_config_fetch_retry_mintimeout: '2000',
        npm_config_fetch_retry_maxtimeout: '5000',
      },
      detached: true,
    });
    if (child.pid) watchdog.add(child.pid, 'SIGTERM');
    child.stdout.on('data', data => (text += data));
    child.stderr.on('data', data => (text += data));
    child.once('error', () => resolve({ code: undefined, text }));
    child.once('close', code => {
      watchdog.remove(child.pid);
      resolve({ code: code ?? 1, text });
    });
  });
}

/**
 * Runs the launcher again under another Node and passes on signals. The channel between both tells the second one when this one is gone.
 *
 * @param {string} node
 * @param {string[]} argv
 * @returns {Promise<number>} Its exit code.
 */
export async function runUnder(node, argv) {
  const child = spawn(node, [process.argv[1], ...argv], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PATH: `${path.dirname(node)}:${process.env.PATH ?? ''}`,
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => sendSignal(child.pid, signal));
  }
  onParentGone(() => sendSignal(child.pid, 'SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (os.constants.signals[signal] ?? 0)),
    );
  });
}
