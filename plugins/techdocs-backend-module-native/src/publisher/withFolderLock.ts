import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A lock that nobody has touched for this long belongs to a process that has ended. */
const STALE_MILLISECONDS = 30_000;
const TOUCH_MILLISECONDS = 5000;
const WAIT_MILLISECONDS = 50;
const GIVE_UP_MILLISECONDS = 120_000;

/**
 * Runs something while nobody else of this or another replica does, by a file that only one can make. A process that
 * ends without removing its lock loses it after half a minute.
 */
export async function withFolderLock<T>(
  lock: string,
  run: () => Promise<T>,
): Promise<T> {
  const token = randomUUID();
  const begin = Date.now();
  while (!(await taken(lock, token))) {
    if (Date.now() - begin > GIVE_UP_MILLISECONDS) {
      throw new Error('The docs are being published elsewhere');
    }
    await sleep(WAIT_MILLISECONDS);
  }
  const touch = setInterval(() => {
    const now = new Date();
    // Lost locks are noticed below
    fs.utimes(lock, now, now).catch(() => {});
  }, TOUCH_MILLISECONDS);
  touch.unref();
  try {
    return await run();
  } finally {
    clearInterval(touch);
    if ((await holder(lock)) === token) await fs.rm(lock, { force: true });
  }
}

async function taken(lock: string, token: string): Promise<boolean> {
  try {
    await fs.writeFile(lock, token, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  try {
    const { mtimeMs } = await fs.stat(lock);
    if (Date.now() - mtimeMs > STALE_MILLISECONDS) {
      // Only one of those who see it can rename it
      await fs.rename(lock, `${lock}.${token}`);
      await fs.rm(`${lock}.${token}`, { force: true });
    }
  } catch {
    // Removed in between: the next try takes it
  }
  return false;
}

async function holder(lock: string): Promise<string | undefined> {
  try {
    return await fs.readFile(lock, 'utf8');
  } catch {
    // Taken away from a process that was stopped for long
    return undefined;
  }
}
