import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem, machineCause } from './problems.mjs';
import { lastLinesOf } from './processes.mjs';
import { hashFiles, readStamp, writeStamp } from './stamps.mjs';
import { readPackage, workspaceFolders } from './workspaces.mjs';

const WORKER = fileURLToPath(
  new URL('./configCheckWorker.mjs', import.meta.url),
);

/** Changes when a new version of the check must look again at what an older one accepted. */
const VERSION = '1';

/** What differs at every start and is of no interest to the check. */
const PASSING = new Set(['POSTGRES_PORT']);

/**
 * Checks configuration files unless the same content has passed already.
 *
 * @param {import('./context.mjs').Context} context
 * @param {{ files: string[], env: NodeJS.ProcessEnv, fillMissing?: boolean }} options - `fillMissing`: environment variables that are not set count as set.
 */
export async function checkConfigCached(context, options) {
  const { repo, checkoutState } = context;
  const schemaHash = configSchemaHash(repo);
  const hash = createHash('sha256')
    .update(VERSION)
    .update(schemaHash)
    .update(configContent(repo, options))
    .digest('hex');
  const stamp = path.join(
    checkoutState,
    'stamps',
    `config-${createHash('sha256')
      .update(options.files.join())
      .digest('hex')
      .slice(0, 8)}`,
  );
  if (readStamp(stamp) === hash) return;
  const lines = await checkConfig(context, { ...options, schemaHash });
  if (lines.length > 0) {
    throw new Problem(
      `The configuration has ${
        lines.length === 1 ? 'a mistake' : `${lines.length} mistakes`
      } (above). Correct ${
        lines.length === 1 ? 'it' : 'them'
      } and start again.`,
      { details: lines.join('\n') },
    );
  }
  writeStamp(stamp, hash);
}

/**
 * Checks configuration files in a process of its own: reading the schemas of all packages takes the TypeScript compiler and much memory.
 *
 * @param {import('./context.mjs').Context} context
 * @param {{ files: string[], env: NodeJS.ProcessEnv, fillMissing?: boolean, schemaHash?: string }} options
 * @returns {Promise<string[]>} One line for each mistake.
 */
export async function checkConfig({ repo, checkoutState }, options) {
  const { files, env, fillMissing = false } = options;
  const request = JSON.stringify({
    repo,
    files,
    fillMissing,
    schemaFile: path.join(checkoutState, 'stamps', 'config-schema.json'),
    schemaHash: options.schemaHash ?? configSchemaHash(repo),
    packages: workspaceFolders(repo)
      .map(folder => readPackage(repo, folder)?.name)
      .filter(Boolean),
  });
  const { code, stdout, stderr } = await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WORKER], {
      cwd: repo,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const text = { stdout: '', stderr: '' };
    child.stdout.on('data', data => (text.stdout += data));
    child.stderr.on('data', data => (text.stderr += data));
    child.stdin.on('error', () => {});
    child.stdin.end(request);
    child.once('error', reject);
    child.once('close', exitCode => resolve({ code: exitCode, ...text }));
  });
  if (code !== 0) {
    throw new Problem(
      `The configuration could not be checked. ${
        machineCause(stderr, checkoutState) ?? 'The reason is above.'
      }`,
      { details: lastLinesOf(stderr, 12) },
    );
  }
  // Packages may write to the output too; the answer is its last line.
  return JSON.parse(lastLinesOf(stdout, 1));
}

/**
 * @param {string} repo
 * @returns {string} Changes when the packages' configuration schemas may have changed.
 */
export function configSchemaHash(repo) {
  return hashFiles(repo, [
    'yarn.lock',
    ...workspaceFolders(repo).flatMap(folder => [
      `${folder}/package.json`,
      `${folder}/${schemaFileOf(repo, folder)}`,
    ]),
  ]);
}

function schemaFileOf(repo, folder) {
  const { configSchema } = readPackage(repo, folder) ?? {};
  return typeof configSchema === 'string' ? configSchema : 'config.d.ts';
}

/** The files, and the value of every variable that they name. */
function configContent(repo, { files, env, fillMissing = false }) {
  const parts = [String(fillMissing)];
  for (const file of files) {
    const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
    parts.push(path.relative(repo, file), text);
    for (const [, name] of text.matchAll(
      /(?:\$\{|\$env:)\s*([A-Za-z_][A-Za-z0-9_]*)/g,
    )) {
      const known = env[name] !== undefined && env[name] !== '';
      parts.push(name, known && PASSING.has(name) ? 'set' : env[name] ?? '');
    }
  }
  return parts.join('\0');
}
