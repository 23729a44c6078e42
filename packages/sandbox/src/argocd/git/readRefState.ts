import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A text that is another one as soon as a ref of a bare repository on this machine is.
 *
 * @remarks
 * Much cheaper than to ask git: nothing has to be started.
 *
 * @returns Undefined if it is not such a repository, or if its refs are being written.
 * @internal
 */
export async function readRefState(
  folder: string,
): Promise<string | undefined> {
  try {
    const head = await readFile(join(folder, 'HEAD'), 'utf8');
    const entries = await readdir(join(folder, 'refs'), {
      recursive: true,
      withFileTypes: true,
    });
    const refs = await Promise.all(
      entries
        .filter(entry => entry.isFile())
        .map(async ({ name, parentPath }) => {
          const path = join(parentPath, name);
          return `${path} ${await readFile(path, 'utf8')}`;
        }),
    );
    return [head, await readPackedState(folder), ...refs.sort()].join('\n');
  } catch {
    return undefined;
  }
}

/** Git replaces the file, so that a new one has another number. */
async function readPackedState(folder: string): Promise<string> {
  try {
    const { ino, mtimeMs, size } = await stat(join(folder, 'packed-refs'));
    return `${ino} ${mtimeMs} ${size}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return 'none';
    }
    throw error;
  }
}
