import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Platform } from '../Platform';
import { ORGANISATION } from '../seed/seedForge';

const run = promisify(execFile);

/** The text of a file on a repository's main branch. */
export async function readRepositoryFile(
  { forge }: Pick<Platform, 'forge'>,
  repository: string,
  path: string,
): Promise<string> {
  const folder = forge.repositoryPath(ORGANISATION, repository);
  if (!folder) {
    throw new Error(
      `The forge has no repository '${ORGANISATION}/${repository}'`,
    );
  }
  const { stdout } = await run('git', ['show', `refs/heads/main:${path}`], {
    cwd: folder,
  });
  return stdout;
}
