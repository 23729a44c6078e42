import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { placeProblem } from './problems.mjs';

/** Dependencies and build output. */
const SKIPPED = new Set([
  'node_modules',
  'dist',
  'dist-types',
  'coverage',
  '.git',
  '.cache',
]);

/**
 * A content hash over files; a file that does not exist counts too.
 *
 * @param {string} root
 * @param {string[]} files - Relative to the root.
 * @param {string[]} [extra] - What else the result depends on.
 * @returns {string}
 */
export function hashFiles(root, files, extra = []) {
  const hash = createHash('sha256');
  for (const file of [...new Set(files)].sort()) {
    hash.update(`\0${file}\0`);
    try {
      hash.update(fs.readFileSync(path.join(root, file)));
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      hash.update('(none)');
    }
  }
  for (const text of extra) hash.update(`\0${text}`);
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} folder - Relative to the root.
 * @param {(file: string) => boolean} [wanted]
 * @returns {string[]} The files below the folder, relative to the root; without dependencies and build output.
 */
export function listFiles(root, folder, wanted = () => true) {
  const files = [];
  const visit = relative => {
    let entries;
    try {
      entries = fs.readdirSync(path.join(root, relative), {
        withFileTypes: true,
      });
    } catch (error) {
      if (error.code === 'ENOENT') return;
      throw error;
    }
    for (const entry of entries) {
      const name = path.posix.join(relative, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) visit(name);
      } else if (wanted(name)) {
        files.push(name);
      }
    }
  };
  visit(folder);
  return files.sort();
}

/** @param {string} file @returns {string | undefined} */
export function readStamp(file) {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    // Not there or not readable: the work is done again.
    return undefined;
  }
}

/** @param {string} file @param {string} content */
export function writeStamp(file, content) {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `${content}\n`);
  } catch (error) {
    throw placeProblem('Writing a stamp failed', file, error);
  }
}
