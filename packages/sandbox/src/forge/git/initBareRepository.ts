import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes an empty bare repository as `git init --bare` does, without its sample hooks and without a process.
 *
 * @param folder - must not exist yet
 * @internal
 */
export async function initBareRepository(
  folder: string,
  defaultBranch: string,
): Promise<void> {
  await Promise.all(
    ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info'].map(
      path => mkdir(join(folder, path), { recursive: true, mode: 0o700 }),
    ),
  );
  await writeFile(
    join(folder, 'config'),
    '[core]\n\trepositoryformatversion = 0\n\tfilemode = false\n\tbare = true\n',
  );
  // Last: a folder with a HEAD is a repository.
  await writeFile(join(folder, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`);
}
