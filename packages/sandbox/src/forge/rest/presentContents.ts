import type { ForgeService } from '../ForgeService';
import type { GitCommit, TreeEntry } from '../git/parseGit';
import type { RepositoryRecord } from '../state/schemas';
import { repositoryUrls } from './presentRepository';

const TYPES: Record<string, string> = {
  '120000': 'symlink',
  '160000': 'submodule',
  '040000': 'dir',
};

/**
 * An entry of a tree as Gitea's `ContentsResponse`.
 *
 * @param at - `content` is of a file that is asked for alone; a list has none
 * @internal
 */
export function presentContents(
  service: ForgeService,
  record: RepositoryRecord,
  entry: TreeEntry,
  at: {
    readonly path: string;
    readonly ref: string;
    /** `branch`, `tag` or `commit`. */
    readonly refKind: string;
    readonly lastCommit: GitCommit;
    readonly content?: Buffer;
  },
) {
  const { api, html } = repositoryUrls(service, record);
  const { path, ref, refKind, lastCommit, content } = at;
  const type = TYPES[entry.mode] ?? 'file';
  const encodedPath = path.split('/').map(encodeURIComponent).join('/');
  const url = `${api}/contents/${encodedPath}?ref=${encodeURIComponent(ref)}`;
  const htmlUrl = `${html}/src/${refKind}/${ref}/${encodedPath}`;
  const gitUrl =
    type === 'submodule'
      ? null
      : `${api}/git/${type === 'dir' ? 'trees' : 'blobs'}/${entry.sha}`;
  return {
    name: path.split('/').pop()!,
    path,
    sha: entry.sha,
    last_commit_sha: lastCommit.sha,
    last_committer_date: lastCommit.committer.date,
    last_author_date: lastCommit.author.date,
    type,
    size: entry.size ?? 0,
    encoding: content ? 'base64' : null,
    content: content ? content.toString('base64') : null,
    target: type === 'symlink' ? content?.toString('utf8') ?? null : null,
    url,
    html_url: htmlUrl,
    git_url: gitUrl,
    download_url:
      type === 'file' ? `${html}/raw/${refKind}/${ref}/${encodedPath}` : null,
    submodule_git_url: null,
    _links: { self: url, git: gitUrl, html: htmlUrl },
  };
}
