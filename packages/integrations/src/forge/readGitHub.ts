import { z } from 'zod';
import { UpstreamError } from '../core/UpstreamError';
import type { UpstreamHttp } from '../core/UpstreamHttp';
import { forgeFailureOf } from './errors';
import { forgePath, repositoryPath } from './forgePath';
import * as schemas from './githubSchemas';
import type { ForgeFile, ForgeTree, RepositoryRef } from './types';

const ENTRY_TYPES = {
  blob: 'file',
  tree: 'folder',
  commit: 'submodule',
} as const;

/**
 * Reads a file; undefined if it, the ref or the repository is not there, or it is no file.
 *
 * @internal
 */
export async function readGitHubFile(
  http: UpstreamHttp,
  repository: RepositoryRef,
  path: string,
  ref?: string,
  signal?: AbortSignal,
): Promise<ForgeFile | undefined> {
  const root = repositoryPath(repository);
  const answer = await http.findJson(
    {
      operation: 'get-file',
      path: `${root}${forgePath`/contents/${path}`}`,
      query: { ref },
      signal,
    },
    // A folder is a list.
    z.union([schemas.fileSchema, z.array(z.unknown())]),
  );
  if (!answer || Array.isArray(answer) || answer.type !== 'file') {
    return undefined;
  }
  // Above 1 MB the content is only with the blob.
  const { content, encoding } =
    answer.encoding === 'base64'
      ? answer
      : await http.json(
          {
            operation: 'get-blob',
            path: `${root}${forgePath`/git/blobs/${answer.sha}`}`,
            signal,
          },
          schemas.blobSchema,
        );
  return {
    path: answer.path,
    content: Buffer.from(
      content ?? '',
      encoding === 'base64' ? 'base64' : 'utf8',
    ),
    sha: answer.sha,
    url: answer.html_url ?? '',
  };
}

/**
 * Reads all files at a ref; undefined if the ref or the repository is not there.
 *
 * @internal
 */
export async function readGitHubTree(
  http: UpstreamHttp,
  repository: RepositoryRef,
  ref: string = 'HEAD',
  signal?: AbortSignal,
): Promise<ForgeTree | undefined> {
  const root = repositoryPath(repository);
  try {
    const commit = await http.findJson(
      {
        operation: 'get-commit',
        path: `${root}${forgePath`/commits/${ref}`}`,
        signal,
      },
      schemas.shaSchema,
    );
    const tree =
      commit &&
      (await http.findJson(
        {
          operation: 'get-tree',
          path: `${root}${forgePath`/git/trees/${commit.sha}`}`,
          query: { recursive: 1 },
          signal,
        },
        schemas.treeSchema,
      ));
    return (
      tree && {
        commit: commit.sha,
        entries: tree.tree.map(({ path, type, sha, size }) => ({
          path,
          type: ENTRY_TYPES[type],
          sha,
          size,
        })),
        truncated: tree.truncated,
      }
    );
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

/** A ref that does not exist is a 422 here. */
function isMissing(error: unknown): boolean {
  return (
    forgeFailureOf(error)?.type === 'repository-empty' ||
    (error instanceof UpstreamError && error.status === 422)
  );
}
