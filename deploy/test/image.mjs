import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {
  yarnEnvironment,
  yarnFile,
} from '../../packages/launcher/src/install.mjs';
import { withLock } from '../../packages/launcher/src/lock.mjs';
import { lastLinesOf } from '../../packages/launcher/src/processes.mjs';
import {
  hashFiles,
  readStamp,
  writeStamp,
} from '../../packages/launcher/src/stamps.mjs';
import { readDockerignore } from './dockerignore.mjs';

/** What the Dockerfile copies into its last stage beside the bundle. */
const COPIED = [
  'app-config.yaml',
  'app-config.production.yaml',
  'templates',
  'deploy/checkEnvironment.mjs',
];

/**
 * Does what the Dockerfile does, step by step, without Docker.
 *
 * @param {object} options
 * @param {string} options.repo
 * @param {string} options.state - Where the result is kept for the next time.
 * @param {(line: string) => void} options.log
 * @returns {Promise<{ folder: string, bundle: string }>} The image's `/app`, and the archive of the built packages.
 */
export async function createImage({ repo, state, log }) {
  fs.mkdirSync(state, { recursive: true, mode: 0o711 });
  return withLock(
    path.join(state, 'image.lock'),
    { output: { line: log }, what: 'building the production bundle' },
    async () => {
      const folder = path.join(state, 'image');
      const archives = await build({ repo, state, log });
      await installProduction({ repo, state, folder, archives, log });
      unpackInto({ repo, folder });
      await run('tar', ['-xzf', archives.bundle, '-C', folder]);
      await run('chmod', ['u=rwX,go=rX', folder]);
      return { folder, bundle: archives.bundle };
    },
  );
}

/** Stages `packages` and `build`: what .dockerignore lets through, and the installed node_modules beside it. */
async function build({ repo, state, log }) {
  const archives = {
    bundle: path.join(state, 'bundle.tar.gz'),
    skeleton: path.join(state, 'skeleton.tar.gz'),
  };
  const files = readDockerignore(repo).listFiles();
  const inputs = files.filter(
    file => !/^(deploy|templates)\/|\.md$/.test(file),
  );
  const hash = hashFiles(repo, inputs, [process.versions.node.split('.')[0]]);
  const stamp = path.join(state, 'bundle.stamp');
  if (readStamp(stamp) === hash && fs.existsSync(archives.bundle)) {
    log('the production bundle is up to date');
    return archives;
  }
  fs.rmSync(stamp, { force: true });
  const since = Date.now();
  const source = path.join(state, 'source');
  fs.rmSync(source, { recursive: true, force: true });
  for (const file of files) {
    const target = path.join(source, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(path.join(repo, file), target);
  }
  linkDependencies(repo, source);
  await yarn(source, ['workspace', 'backend', 'build']);
  for (const name of ['bundle', 'skeleton']) {
    fs.renameSync(
      path.join(source, `packages/backend/dist/${name}.tar.gz`),
      archives[name],
    );
  }
  fs.rmSync(source, { recursive: true, force: true });
  writeStamp(stamp, hash);
  log(`production bundle built in ${passed(since)}`);
  return archives;
}

/**
 * The installation of the repository, seen from the copy: its own packages are those of the copy, all others are links. It stands for
 * `yarn install --immutable`, which has run already when this test runs.
 */
function linkDependencies(repo, source) {
  const modules = path.join(repo, 'node_modules');
  const target = path.join(source, 'node_modules');
  const link = (from, to) => {
    const stat = fs.lstatSync(from);
    const relative = stat.isSymbolicLink() && fs.readlinkSync(from);
    // Links between the repository's packages are relative, and so lead to the copy's.
    fs.symlinkSync(relative || from, to);
  };
  const mirror = (from, to) => {
    fs.mkdirSync(to, { recursive: true });
    for (const name of fs.readdirSync(from)) {
      link(path.join(from, name), path.join(to, name));
    }
  };
  fs.mkdirSync(target);
  for (const name of fs.readdirSync(modules)) {
    // A cache would be written to.
    if (name === '.cache') continue;
    const from = path.join(modules, name);
    const to = path.join(target, name);
    const ownScope =
      name.startsWith('@') &&
      fs
        .readdirSync(from)
        .some(child => fs.lstatSync(path.join(from, child)).isSymbolicLink());
    if (ownScope) mirror(from, to);
    else link(from, to);
  }
  for (const parent of ['packages', 'plugins']) {
    for (const name of fs.readdirSync(path.join(source, parent))) {
      const nested = path.join(repo, parent, name, 'node_modules');
      if (!fs.existsSync(nested)) continue;
      const to = path.join(source, parent, name, 'node_modules');
      fs.mkdirSync(to, { recursive: true });
      for (const child of fs.readdirSync(nested)) {
        // What the build itself leaves there is not part of the installation.
        if (/^(__backstage|\.cache|\.vite)/.test(child)) continue;
        link(path.join(nested, child), path.join(to, child));
      }
    }
  }
  fs.copyFileSync(
    path.join(repo, '.yarn/install-state.gz'),
    path.join(source, '.yarn/install-state.gz'),
  );
}

/** Stage `production`: the dependencies that the built packages need, and no others. */
async function installProduction({ repo, state, folder, archives, log }) {
  const hash = hashFiles(
    repo,
    ['yarn.lock', 'package.json', '.yarnrc.yml'],
    [await run('tar', ['-xzOf', archives.skeleton])],
  );
  const stamp = path.join(state, 'production.stamp');
  const modules = path.join(folder, 'node_modules');
  if (readStamp(stamp) === hash && fs.existsSync(modules)) {
    for (const name of fs.readdirSync(folder)) {
      if (name !== 'node_modules') {
        fs.rmSync(path.join(folder, name), { recursive: true, force: true });
      }
    }
    log('the production dependencies are up to date');
    return;
  }
  fs.rmSync(stamp, { force: true });
  const since = Date.now();
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
  for (const file of [
    'package.json',
    'yarn.lock',
    '.yarnrc.yml',
    'backstage.json',
  ]) {
    fs.copyFileSync(path.join(repo, file), path.join(folder, file));
  }
  fs.cpSync(
    path.join(repo, '.yarn/releases'),
    path.join(folder, '.yarn/releases'),
    {
      recursive: true,
    },
  );
  await run('tar', ['-xzf', archives.skeleton, '-C', folder]);
  await yarn(folder, ['workspaces', 'focus', '--all', '--production']);
  const lockfile = file =>
    fs.readFileSync(path.join(file, 'yarn.lock'), 'utf8');
  if (lockfile(folder) !== lockfile(repo)) {
    throw new Error(
      'The production dependencies are not those of yarn.lock: `yarn workspaces focus` changed it. Run yarn install and commit yarn.lock.',
    );
  }
  fs.rmSync(path.join(folder, '.yarn'), { recursive: true });
  writeStamp(stamp, hash);
  log(`production dependencies installed in ${passed(since)}`);
}

function unpackInto({ repo, folder }) {
  for (const file of COPIED) {
    fs.cpSync(path.join(repo, file), path.join(folder, file), {
      recursive: true,
    });
  }
}

function yarn(cwd, args) {
  return run(process.execPath, [yarnFile(cwd), ...args], {
    cwd,
    env: yarnEnvironment(process.env),
  });
}

/** @returns {Promise<string>} What the program has written. */
export async function run(program, args, options = {}) {
  const child = spawn(program, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', data => (text += data));
  child.stderr.on('data', data => (text += data));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) {
    throw new Error(
      `${path.basename(program)} ${args.join(
        ' ',
      )} failed (exit code ${code}):\n${lastLinesOf(text)}`,
    );
  }
  return text;
}

const passed = since => `${((Date.now() - since) / 1000).toFixed(1)} s`;
