import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';

/**
 * Writes texts to files of the workspace.
 *
 * @param files - texts by path
 */
export async function writeWorkspaceFiles(
  workspacePath: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = resolveSafeChildPath(workspacePath, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
