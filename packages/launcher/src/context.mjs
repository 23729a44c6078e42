import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Output } from './output.mjs';
import { Problem, placeProblem } from './problems.mjs';

/**
 * What every command works with.
 *
 * @typedef {object} Context
 * @property {string} repo - The repository's folder.
 * @property {string} checkoutState - State that belongs to this checkout: Node, stamps of installing and building.
 * @property {string} home - State that belongs to this portal: database, secrets, logs, lock. `.waystone`, or WAYSTONE_HOME.
 * @property {string} logs
 * @property {Output} output
 * @property {string} command
 * @property {string[]} args
 */

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {Context}
 */
export function createContext(command, args) {
  const repo = path.resolve(
    path.dirname(fileURLToPath(import.meta.url)),
    '../../..',
  );
  const checkoutState = path.join(repo, '.waystone');
  const home = process.env.WAYSTONE_HOME
    ? path.resolve(process.env.WAYSTONE_HOME)
    : checkoutState;
  return {
    repo,
    checkoutState,
    home,
    logs: path.join(home, 'logs'),
    output: new Output(),
    command,
    args,
  };
}

/**
 * Makes the state folders and checks that they can be written.
 *
 * @param {Context} context
 */
export function prepareFolders({ checkoutState, home, logs }) {
  for (const folder of new Set([checkoutState, home, logs])) {
    try {
      // Others may pass through (root's database runs under another account) but not look around.
      fs.mkdirSync(folder, { recursive: true, mode: 0o711 });
      const stat = fs.statSync(folder);
      if (process.getuid?.() === 0 && stat.uid === 0) {
        fs.chmodSync(folder, stat.mode | 0o011);
      }
      if (!stat.isDirectory()) {
        throw new Problem(
          `${folder} is not a folder. Move it away and start again.`,
        );
      }
      const probe = path.join(folder, `.probe-${process.pid}`);
      // Content, as an empty file can still be made on a full disk.
      fs.writeFileSync(probe, Buffer.alloc(4096, 'x'));
      fs.rmSync(probe);
      fs.readdirSync(folder);
    } catch (error) {
      if (error.code === 'EEXIST' || error.code === 'ENOTDIR') {
        throw new Problem(
          `${folder} is not a folder. Move the file there away and start again.`,
        );
      }
      throw placeProblem(
        'The folder for Waystone’s data cannot be used',
        folder,
        error,
      );
    }
  }
}
