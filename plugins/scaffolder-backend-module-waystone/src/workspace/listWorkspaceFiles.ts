import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, NotAllowedError } from '@backstage/errors';

const MOST_FILES = 1_000;
const MOST_BYTES = 10 * 2 ** 20;

/** A file of a workspace. */
export interface WorkspaceFile {
  /** With slashes, from the root of the workspace. */
  readonly path: string;
  readonly content: Buffer;
}

/**
 * All files of a workspace in the order of their paths, without `.git`.
 *
 * @throws NotAllowedError for links, which can lead anywhere
 * @throws InputError if there are too many, or they are too large
 */
export async function listWorkspaceFiles(
  workspacePath: string,
): Promise<WorkspaceFile[]> {
  const files: WorkspaceFile[] = [];
  let bytes = 0;
  const visit = async (folder: string): Promise<void> => {
    const entries = await readdir(join(workspacePath, folder), {
      withFileTypes: true,
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (path === '.git') {
        continue;
      }
      if (entry.isDirectory()) {
        await visit(path);
        continue;
      }
      if (!entry.isFile()) {
        throw new NotAllowedError(
          `'${path}' is neither a file nor a folder. Links are not published`,
        );
      }
      const file = join(workspacePath, path);
      bytes += (await stat(file)).size;
      if (files.length >= MOST_FILES || bytes > MOST_BYTES) {
        throw new InputError(
          `The workspace has more than ${MOST_FILES} files or ${
            MOST_BYTES / 2 ** 20
          } MB`,
        );
      }
      files.push({ path, content: await readFile(file) });
    }
  };
  await visit('');
  return files;
}
