import { UpstreamError } from '../core/UpstreamError';
import type { UpstreamHttp } from '../core/UpstreamHttp';
import { branchExists, branchMoved, forgeFailureOf } from './errors';
import { checkChanges, repositoryPath } from './forgePath';
import type { CommitFilesOptions, GitForge } from './GitForge';
import * as schemas from './giteaSchemas';
import { readGiteaTree } from './readGiteaTree';
import type { FileChange, RepositoryRef, WrittenCommit } from './types';

/**
 * Writes many files in one commit.
 *
 * @remarks
 * Gitea takes no expected head. It compares each file with the blob that it is told, so that nothing of another writer
 * is lost, and the head is looked at before.
 *
 * @internal
 */
export async function commitToGitea(
  forge: GitForge,
  http: UpstreamHttp,
  options: CommitFilesOptions,
): Promise<WrittenCommit> {
  const { repository, branch, from, expectedBase, author, signal } = options;
  checkChanges(options.changes);
  const source = from ?? branch;
  const isNew = from !== undefined && from !== branch;
  const base = await forge.findBranch(repository, source, { signal });
  if (expectedBase !== undefined && base !== expectedBase) {
    throw branchMoved(forge, source, expectedBase, base);
  }
  const existing = await findBlobs(http, repository, base, options);
  try {
    const { commit } = await http.json(
      {
        operation: 'commit-files',
        method: 'POST',
        path: `${repositoryPath(repository)}/contents`,
        body: {
          branch: source,
          ...(isNew && { new_branch: branch }),
          message: options.message,
          ...(author && { author, committer: author }),
          files: options.changes.map(change => toOperation(change, existing)),
        },
        signal,
      },
      schemas.writtenSchema,
    );
    return {
      sha: commit.sha,
      base: commit.parents?.[0]?.sha,
      branch,
      url: commit.html_url,
    };
  } catch (error) {
    if (forgeFailureOf(error)?.type === 'branch-exists') {
      throw branchExists(forge, branch);
    }
    // Only a refusal: after anything else nobody knows what happened.
    if (error instanceof UpstreamError && isRefusal(error)) {
      const now = await forge.findBranch(repository, source, { signal });
      throw now === base ? error : branchMoved(forge, source, base, now);
    }
    throw error;
  }
}

function isRefusal({ status }: UpstreamError): boolean {
  return status !== undefined && status >= 400 && status < 500;
}

/** The blobs that the changed files have now. */
async function findBlobs(
  http: UpstreamHttp,
  repository: RepositoryRef,
  commit: string | undefined,
  { changes, signal }: CommitFilesOptions,
): Promise<Map<string, string>> {
  if (commit === undefined) {
    return new Map();
  }
  const paths = new Set(changes.map(({ path }) => path));
  const tree = await readGiteaTree(http, repository, commit, signal);
  return new Map(
    tree?.entries
      .filter(({ path, type }) => type === 'file' && paths.has(path))
      .map(({ path, sha }) => [path, sha]),
  );
}

function toOperation(
  change: FileChange,
  existing: ReadonlyMap<string, string>,
) {
  const { path } = change;
  const sha = existing.get(path);
  if ('delete' in change) {
    return { operation: 'delete', path, sha };
  }
  return {
    operation: sha ? 'update' : 'create',
    path,
    sha,
    content: Buffer.from(change.content as Buffer).toString('base64'),
  };
}
