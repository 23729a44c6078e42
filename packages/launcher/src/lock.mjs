import fs from 'node:fs';
import path from 'node:path';
import { placeProblem } from './problems.mjs';
import { identify, isRunning } from './processes.mjs';

/**
 * A file that says which process does something that only one may do. A lock of a process that is gone, however it ended, counts for nothing.
 *
 * @typedef {import('./processes.mjs').ProcessIdentity & Record<string, any>} Holder
 *
 * @typedef {object} Lock
 * @property {Holder | undefined} stale - The former holder, when it is gone without releasing the lock.
 * @property {(info: Record<string, unknown>) => void} update - Adds to what the file says.
 * @property {() => void} release
 */

/**
 * @param {string} file
 * @param {Record<string, unknown>} [info] - What else the file should say.
 * @returns {{ lock: Lock } | { holder: Holder }} The lock, or who has it.
 */
export function acquireLock(file, info = {}) {
  const self = { ...identify(process.pid), ...info };
  const draft = `${file}.${process.pid}`;
  let stale;
  try {
    fs.writeFileSync(draft, JSON.stringify(self), { mode: 0o600 });
    for (;;) {
      try {
        // Unlike writing, linking fails when the file exists, and the file is complete from the first moment.
        fs.linkSync(draft, file);
        return { lock: createLock(file, self, stale) };
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = readLock(file);
      if (holder && isRunning(holder)) return { holder };
      if (removeStale(file, holder)) stale = holder ?? stale;
    }
  } catch (error) {
    throw placeProblem('Writing the lock failed', path.dirname(file), error);
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {Holder | undefined}
 */
export function readLock(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    // Gone in the meantime, or damaged: nobody's.
    return undefined;
  }
}

/**
 * Waits for the lock, runs the action and releases it.
 *
 * @template T
 * @param {string} file
 * @param {{ output: import('./output.mjs').Output, what: string }} options - `what` is said to those who wait.
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withLock(file, { output, what }, action) {
  let told = false;
  for (;;) {
    const result = acquireLock(file);
    if ('lock' in result) {
      try {
        return await action();
      } finally {
        result.lock.release();
      }
    }
    if (!told) {
      output.line(
        `› Another command is ${what} (process ${result.holder.pid}); waiting for it …`,
      );
      told = true;
    }
    await new Promise(resolve => setTimeout(resolve, 300));
  }
}

function createLock(file, self, stale) {
  let content = self;
  const isOurs = () => {
    const found = readLock(file);
    return found?.pid === self.pid && found?.started === self.started;
  };
  return {
    stale,
    update(info) {
      content = { ...content, ...info };
      const draft = `${file}.${process.pid}`;
      fs.writeFileSync(draft, JSON.stringify(content), { mode: 0o600 });
      fs.renameSync(draft, file);
    },
    release() {
      if (isOurs()) fs.rmSync(file, { force: true });
    },
  };
}

/**
 * Two starts may find the same stale lock: whoever moves it away must have moved that one and not the other's new lock.
 */
function removeStale(file, holder) {
  const aside = `${file}.stale-${process.pid}`;
  try {
    fs.renameSync(file, aside);
  } catch {
    return false;
  }
  const moved = readLock(aside);
  if (JSON.stringify(moved) !== JSON.stringify(holder)) {
    try {
      fs.linkSync(aside, file);
    } catch {
      // A third one was quicker; the next round sees it.
    }
    fs.rmSync(aside, { force: true });
    return false;
  }
  fs.rmSync(aside, { force: true });
  return true;
}
