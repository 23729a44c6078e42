import { UpstreamError } from '../core/UpstreamError';
import type { UpstreamHttp } from '../core/UpstreamHttp';
import { forgePath, repositoryPath } from './forgePath';
import * as schemas from './giteaSchemas';
import type { ForgeTree, ForgeTreeEntry, RepositoryRef } from './types';

/** What Gitea gives of a tree on one page. */
const PAGE = 1_000;

/** Pages that are read at most. */
const MAX_PAGES = 50;

const ENTRY_TYPES = {
  blob: 'file',
  tree: 'folder',
  commit: 'submodule',
} as const;

/**
 * Reads all pages of a tree.
 *
 * @returns undefined if there is no such ref
 * @internal
 */
export async function readGiteaTree(
  http: UpstreamHttp,
  repository: RepositoryRef,
  ref: string,
  signal?: AbortSignal,
): Promise<ForgeTree | undefined> {
  const entries: ForgeTreeEntry[] = [];
  for (let page = 1; ; page++) {
    const tree = await findPage(http, repository, ref, page, signal);
    if (!tree) {
      return undefined;
    }
    entries.push(
      ...tree.tree.map(({ path, type, sha, size }) => ({
        path,
        type: ENTRY_TYPES[type],
        sha,
        size: type === 'blob' ? size : undefined,
      })),
    );
    if (!tree.truncated || page === MAX_PAGES) {
      return { commit: tree.sha, entries, truncated: tree.truncated };
    }
  }
}

/** A ref that does not exist is a 400 here, as it may be the id of anything. */
async function findPage(
  http: UpstreamHttp,
  repository: RepositoryRef,
  ref: string,
  page: number,
  signal?: AbortSignal,
) {
  try {
    return await http.findJson(
      {
        operation: 'get-tree',
        path: `${repositoryPath(repository)}${forgePath`/git/trees/${ref}`}`,
        query: { recursive: true, page, per_page: PAGE },
        signal,
      },
      schemas.treeSchema,
    );
  } catch (error) {
    if (error instanceof UpstreamError && error.status === 400) {
      return undefined;
    }
    throw error;
  }
}
