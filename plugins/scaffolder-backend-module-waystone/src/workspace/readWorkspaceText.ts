import { open } from 'node:fs/promises';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { MOST_CHARACTERS } from '@waystone/application-model';

/** UTF-8 has up to four bytes a character. */
const MOST_BYTES = 4 * MOST_CHARACTERS;

/**
 * The text of a file of the workspace.
 *
 * @param path - in the workspace
 * @throws InputError if there is no such file, or it is too large
 * @throws NotAllowedError if the path leads out of the workspace
 */
export async function readWorkspaceText(
  workspacePath: string,
  path: string,
): Promise<string> {
  const file = resolveSafeChildPath(workspacePath, path);
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) {
    throw new InputError(`There is no file '${path}' in the workspace`);
  }
  try {
    const { size } = await handle.stat();
    if (size > MOST_BYTES) {
      throw new InputError(`'${path}' is larger than ${MOST_BYTES} bytes`);
    }
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
