import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { usefulLines } from './children.mjs';
import { withLock } from './lock.mjs';
import { backstageCli, configArguments } from './portal.mjs';
import { Problem, machineCause } from './problems.mjs';
import { openLog, watchdog } from './processes.mjs';
import { hashFiles, listFiles, readStamp, writeStamp } from './stamps.mjs';
import { workspaceClosure } from './workspaces.mjs';

/**
 * Builds a package with the Backstage CLI when what goes into it changed since the last time.
 *
 * @param {import('./context.mjs').Context} context
 * @param {object} options
 * @param {string} options.name - As people call it.
 * @param {string} options.folder - Such as `packages/app`.
 * @param {string} options.result - A file that a build makes, relative to the folder.
 * @param {string[]} [options.configFiles] - What the build reads the configuration from.
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<boolean>} Whether there was something to build.
 */
export async function buildPackage(context, options) {
  const { repo, checkoutState, output, logs } = context;
  const { name, folder, result, configFiles = [], env = process.env } = options;
  const stamp = path.join(
    checkoutState,
    'stamps',
    `build-${path.basename(folder)}`,
  );
  const hash = buildHash(repo, folder, configFiles);
  const isBuilt = () =>
    fs.existsSync(path.join(repo, folder, result)) && readStamp(stamp) === hash;
  if (isBuilt()) return false;
  return withLock(
    `${path.join(checkoutState, path.basename(stamp))}.lock`,
    { output, what: `building the ${name}` },
    async () => {
      if (isBuilt()) return false;
      fs.rmSync(stamp, { force: true });
      await output.step(`Building the ${name}`, () =>
        runBackstageCli({
          args: ['package', 'build', ...configArguments(configFiles)],
          cwd: path.join(repo, folder),
          env: { ...env, NODE_ENV: 'production' },
          logFile: path.join(logs, `build-${path.basename(folder)}.log`),
          what: `Building the ${name}`,
        }),
      );
      writeStamp(stamp, hash);
      return true;
    },
  );
}

/**
 * @param {string} repo
 * @param {string} folder
 * @param {string[]} configFiles
 * @returns {string} Changes when the package must be built again.
 */
export function buildHash(repo, folder, configFiles) {
  const isInput = file =>
    !/\.(test|stories)\.[jt]sx?$|\.md$|\.log$/.test(file) &&
    !file.includes('/__');
  return hashFiles(
    repo,
    [
      'yarn.lock',
      'package.json',
      ...configFiles.map(file => path.relative(repo, file)),
      ...workspaceClosure(repo, folder).flatMap(found =>
        listFiles(repo, found, isInput),
      ),
    ],
    [process.versions.node.split('.')[0]],
  );
}

/**
 * Runs the Backstage CLI to its end.
 *
 * @param {{ args: string[], cwd: string, env: NodeJS.ProcessEnv, logFile: string, what: string }} options
 */
export async function runBackstageCli({ args, cwd, env, logFile, what }) {
  const code = await runToLog({
    args: [backstageCli(), ...args],
    cwd,
    env,
    logFile,
  });
  if (code !== 0) {
    const details = usefulLines(logFile);
    throw new Problem(
      `${what} failed. ${
        machineCause(details, cwd) ?? `The whole log: ${logFile}`
      }`,
      { details },
    );
  }
}

/**
 * @param {{ args: string[], cwd: string, env: NodeJS.ProcessEnv, logFile: string }} options - `args` for Node.
 * @returns {Promise<number>} The exit code.
 */
export async function runToLog({ args, cwd, env, logFile }) {
  const log = openLog(logFile);
  const child = spawn(process.execPath, args, {
    cwd,
    env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  fs.closeSync(log);
  if (child.pid) watchdog.add(child.pid, 'SIGTERM');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => {
      watchdog.remove(child.pid);
      resolve(code ?? 1);
    });
  });
}
