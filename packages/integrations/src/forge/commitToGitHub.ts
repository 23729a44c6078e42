import { UpstreamError } from '../core/UpstreamError';
import type { UpstreamHttp } from '../core/UpstreamHttp';
import { branchExists, branchMoved, forgeFailureOf } from './errors';
import type { ForgeFailure } from './errors';
import { checkChanges, forgePath, repositoryPath } from './forgePath';
import type { CommitFilesOptions, GitForge } from './GitForge';
import * as schemas from './githubSchemas';
import type { FileChange, WrittenCommit } from './types';

/**
 * Writes many files in one commit through GitHub's Git database: blobs, a tree, a commit, and then the branch, which
 * only moves forward.
 *
 * @internal
 */
export async function commitToGitHub(
  forge: GitForge,
  http: UpstreamHttp,
  options: CommitFilesOptions,
): Promise<WrittenCommit> {
  const { repository, branch, from, expectedBase, author, signal } = options;
  checkChanges(options.changes);
  const root = `${repositoryPath(repository)}/git`;
  const source = from ?? branch;
  const isNew = from !== undefined && from !== branch;
  const base = await forge.findBranch(repository, source, { signal });
  if (expectedBase !== undefined && base !== expectedBase) {
    throw branchMoved(forge, source, expectedBase, base);
  }
  if (base === undefined) {
    throw new UpstreamError({
      system: forge.system,
      instance: forge.instance,
      operation: 'commit-files',
      code: 'not-found',
      reason: `there is no branch '${source}' in ${repository.owner}/${repository.name}`,
      advice: 'GitHub writes no files to a repository without a commit',
      details: { type: 'repository-empty' } satisfies ForgeFailure,
    });
  }
  const { tree: baseTree } = await http.json(
    {
      operation: 'get-commit',
      path: `${root}${forgePath`/commits/${base}`}`,
      signal,
    },
    schemas.gitCommitSchema,
  );
  const entries = [];
  for (const change of options.changes) {
    entries.push(await toEntry(http, root, change, signal));
  }
  const tree = await http.json(
    {
      operation: 'create-tree',
      method: 'POST',
      path: `${root}/trees`,
      body: { base_tree: baseTree.sha, tree: entries },
      signal,
    },
    schemas.shaSchema,
  );
  const commit = await http.json(
    {
      operation: 'create-commit',
      method: 'POST',
      path: `${root}/commits`,
      body: {
        message: options.message,
        tree: tree.sha,
        parents: [base],
        ...(author && { author }),
      },
      signal,
    },
    schemas.gitCommitSchema,
  );
  try {
    await http.json(
      isNew
        ? {
            operation: 'create-branch',
            method: 'POST',
            path: `${root}/refs`,
            body: { ref: `refs/heads/${branch}`, sha: commit.sha },
            signal,
          }
        : {
            operation: 'move-branch',
            method: 'PATCH',
            path: `${root}${forgePath`/refs/heads/${branch}`}`,
            body: { sha: commit.sha, force: false },
            signal,
          },
      schemas.refSchema,
    );
  } catch (error) {
    if (forgeFailureOf(error)?.type === 'branch-exists') {
      throw branchExists(forge, branch);
    }
    // Only a refusal: after anything else nobody knows what happened.
    if (!isNew && (error as UpstreamError).status === 422) {
      const now = await forge.findBranch(repository, branch, { signal });
      throw now === base ? error : branchMoved(forge, branch, base, now);
    }
    throw error;
  }
  return { sha: commit.sha, base, branch, url: commit.html_url };
}

/** An entry of the new tree. Text goes with it; anything else needs a blob first. */
async function toEntry(
  http: UpstreamHttp,
  root: string,
  change: FileChange,
  signal?: AbortSignal,
) {
  const entry = { path: change.path, mode: '100644', type: 'blob' };
  if ('delete' in change) {
    return { ...entry, sha: null };
  }
  const text = toText(change.content);
  if (text !== undefined) {
    return { ...entry, content: text };
  }
  const { sha } = await http.json(
    {
      operation: 'create-blob',
      method: 'POST',
      path: `${root}/blobs`,
      body: {
        content: Buffer.from(change.content as Buffer).toString('base64'),
        encoding: 'base64',
      },
      signal,
    },
    schemas.shaSchema,
  );
  return { ...entry, sha };
}

function toText(content: string | Buffer): string | undefined {
  if (typeof content === 'string') {
    return content;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    // Not UTF-8, so it is no text that JSON can carry.
    return undefined;
  }
}
