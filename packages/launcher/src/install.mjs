import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { downloadCause, Problem } from './problems.mjs';
import { lastLinesOf, openLog, watchdog } from './processes.mjs';
import { hashFiles, readStamp, writeStamp } from './stamps.mjs';
import { workspaceFolders } from './workspaces.mjs';

/** What Yarn calls its steps, in words. */
const STEPS = {
  'Project validation': 'reading the packages',
  'Resolution step': 'finding versions',
  'Post-resolution validation': 'checking versions',
  'Fetch step': 'fetching packages',
  'Link step': 'writing node_modules',
};

/**
 * Installs the dependencies with the committed Yarn, exactly as the lockfile says, when something changed since the last time.
 * WAYSTONE_INSTALL=never trusts what is there.
 *
 * @param {import('./context.mjs').Context} context
 */
export async function installDependencies({
  repo,
  checkoutState,
  logs,
  output,
}) {
  const stamp = path.join(checkoutState, 'stamps', 'install');
  const isInstalled = () =>
    fs.existsSync(path.join(repo, 'node_modules', '.yarn-state.yml')) &&
    readStamp(stamp) === installHash(repo);
  if (process.env.WAYSTONE_INSTALL === 'never' || isInstalled()) return;
  await withLock(
    path.join(checkoutState, 'install.lock'),
    { output, what: 'installing the dependencies' },
    async () => {
      if (isInstalled()) return;
      // An interrupted installation is neither the old state nor the new one.
      fs.rmSync(stamp, { force: true });
      await output.step('Installing dependencies', progress =>
        runYarnInstall({
          repo,
          progress,
          logFile: path.join(logs, 'install.log'),
        }),
      );
      writeStamp(stamp, installHash(repo));
    },
  );
}

/**
 * @param {string} repo
 * @returns {string} Changes when another install is needed.
 */
export function installHash(repo) {
  return hashFiles(
    repo,
    [
      'yarn.lock',
      '.yarnrc.yml',
      'package.json',
      ...workspaceFolders(repo).map(folder => `${folder}/package.json`),
    ],
    [process.versions.node.split('.')[0], process.platform, process.arch],
  );
}

/**
 * @param {string} repo
 * @returns {string} The committed Yarn.
 */
export function yarnFile(repo) {
  const folder = path.join(repo, '.yarn', 'releases');
  const name = fs.existsSync(folder)
    ? fs.readdirSync(folder).find(file => /^yarn-.*\.cjs$/.test(file))
    : undefined;
  if (!name) {
    throw new Problem(
      `There is no Yarn in ${folder}. Restore it: git checkout -- .yarn/releases`,
    );
  }
  return path.join(folder, name);
}

async function runYarnInstall({ repo, progress, logFile }) {
  const log = openLog(logFile);
  const child = spawn(
    process.execPath,
    [yarnFile(repo), 'install', '--immutable'],
    {
      cwd: repo,
      env: yarnEnvironment(process.env),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  if (child.pid) watchdog.add(child.pid, 'SIGTERM');
  let text = '';
  const onData = data => {
    fs.writeSync(log, data);
    text += data;
    const name = [...String(data).matchAll(/┌ (.+)$/gm)].pop()?.[1]?.trim();
    if (name) progress(STEPS[name] ?? name.toLowerCase());
  };
  child.stdout.on('data', onData);
  child.stderr.on('data', onData);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  watchdog.remove(child.pid);
  fs.closeSync(log);
  if (code !== 0) throw installProblem(text, repo, logFile);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv} With npm's registry, proxy and CA for Yarn too, which does not read npm's settings.
 */
export function yarnEnvironment(env) {
  const pass = (name, ...values) => {
    const value = env[name] ?? values.find(Boolean);
    return value ? { [name]: value } : {};
  };
  return {
    ...env,
    YARN_ENABLE_PROGRESS_BARS: 'false',
    YARN_ENABLE_COLORS: 'false',
    YARN_ENABLE_TELEMETRY: 'false',
    ...pass('YARN_NPM_REGISTRY_SERVER', env.npm_config_registry),
    ...pass('YARN_HTTPS_CA_FILE_PATH', env.npm_config_cafile),
    ...pass(
      'YARN_HTTPS_PROXY',
      env.npm_config_https_proxy,
      env.HTTPS_PROXY,
      env.https_proxy,
    ),
    ...pass(
      'YARN_HTTP_PROXY',
      env.npm_config_proxy,
      env.HTTP_PROXY,
      env.http_proxy,
    ),
  };
}

/**
 * @param {string} text - What Yarn wrote.
 * @param {string} repo
 * @param {string} logFile
 */
export function installProblem(text, repo, logFile) {
  const errors = text
    .split('\n')
    .filter(
      line =>
        /YN\d{4}.*(│|·)?/.test(line) && !/YN0000|YN0013|YN0019/.test(line),
    )
    .filter(line => !/YN0002|YN0060|YN0086|YN0007/.test(line));
  const details = lastLinesOf(errors.length ? errors.join('\n') : text, 8);
  const cause = /YN0028/.test(text)
    ? `yarn.lock does not fit the package.json files. If you changed a dependency, run: node ${path.relative(
        repo,
        yarnFile(repo),
      )} install`
    : downloadCause(text, repo);
  return new Problem(
    `Installing the dependencies failed. ${
      cause ?? `The whole log: ${logFile}`
    }`,
    { details },
  );
}
