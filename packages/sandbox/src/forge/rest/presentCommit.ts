import type { ForgeService } from '../ForgeService';
import type { GitRef } from '../git/GitRepository';
import type { FileChange, GitCommit, GitSignature } from '../git/parseGit';
import type { RepositoryRecord } from '../state/schemas';
import { repositoryUrls } from './presentRepository';
import { presentUser } from './presentUser';

const UNVERIFIED = {
  verified: false,
  reason: 'gpg.error.not_signed_commit',
  signature: '',
  signer: null,
  payload: '',
};

/** A commit as Gitea's `Commit`. @internal */
export function presentCommit(
  service: ForgeService,
  record: RepositoryRecord,
  commit: GitCommit,
  changes?: readonly FileChange[],
) {
  const { api, html } = repositoryUrls(service, record);
  const url = `${api}/git/commits/${commit.sha}`;
  return {
    url,
    sha: commit.sha,
    created: commit.committer.date,
    html_url: `${html}/commit/${commit.sha}`,
    commit: {
      url,
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: {
        url: `${api}/git/trees/${commit.tree}`,
        sha: commit.tree,
        created: commit.committer.date,
      },
      verification: UNVERIFIED,
    },
    author: findUser(service, commit.author),
    committer: findUser(service, commit.committer),
    parents: commit.parents.map(sha => ({
      url: `${api}/git/commits/${sha}`,
      sha,
      created: '0001-01-01T00:00:00Z',
    })),
    files: changes
      ? changes.map(({ path, status }) => ({ filename: path, status }))
      : null,
    stats: changes ? sumUp(changes) : null,
  };
}

/** A commit as Gitea's `FileCommitResponse`. @internal */
export function presentFileCommit(
  service: ForgeService,
  record: RepositoryRecord,
  commit: GitCommit,
) {
  const { api, html } = repositoryUrls(service, record);
  const url = `${api}/git/commits/${commit.sha}`;
  return {
    url,
    sha: commit.sha,
    created: commit.committer.date,
    html_url: `${html}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    parents: commit.parents.map(sha => ({
      url: `${api}/git/commits/${sha}`,
      sha,
      created: '0001-01-01T00:00:00Z',
    })),
    message: commit.message,
    tree: {
      url: `${api}/git/trees/${commit.tree}`,
      sha: commit.tree,
      created: commit.committer.date,
    },
  };
}

/** A commit as Gitea's `PayloadCommit`, in branches and webhooks. @internal */
export function presentPayloadCommit(
  service: ForgeService,
  record: RepositoryRecord,
  commit: GitCommit,
) {
  return {
    id: commit.sha,
    message: commit.message,
    url: `${repositoryUrls(service, record).html}/commit/${commit.sha}`,
    author: toPayloadUser(service, commit.author),
    committer: toPayloadUser(service, commit.committer),
    verification: UNVERIFIED,
    timestamp: commit.committer.date,
    added: null,
    removed: null,
    modified: null,
  };
}

/** A branch as Gitea's `Branch`. @internal */
export function presentBranch(
  service: ForgeService,
  record: RepositoryRecord,
  name: string,
  commit: GitCommit,
) {
  const isProtected = record.protectedBranches.includes(name);
  return {
    name,
    commit: presentPayloadCommit(service, record, commit),
    protected: isProtected,
    required_approvals: 0,
    enable_status_check: false,
    status_check_contexts: [],
    user_can_push: true,
    user_can_merge: true,
    effective_branch_protection_name: isProtected ? name : '',
  };
}

/** A tag as Gitea's `Tag`. @internal */
export function presentTag(
  service: ForgeService,
  record: RepositoryRecord,
  tag: GitRef,
) {
  const { api, html } = repositoryUrls(service, record);
  return {
    name: tag.name,
    message: tag.message,
    id: tag.object,
    commit: {
      url: `${api}/git/commits/${tag.commit}`,
      sha: tag.commit,
      created: '0001-01-01T00:00:00Z',
    },
    zipball_url: `${html}/archive/${tag.name}.zip`,
    tarball_url: `${html}/archive/${tag.name}.tar.gz`,
  };
}

/** Gitea's words for a pull request's files differ from those for a commit's. */
const STATUS: Record<FileChange['status'], string> = {
  added: 'added',
  removed: 'deleted',
  modified: 'changed',
  renamed: 'renamed',
  copied: 'copied',
};

/** A file of a diff as Gitea's `ChangedFile`. @internal */
export function presentChangedFile(
  service: ForgeService,
  record: RepositoryRecord,
  sha: string,
  change: FileChange,
) {
  const { api, html } = repositoryUrls(service, record);
  return {
    filename: change.path,
    ...(change.previousPath && { previous_filename: change.previousPath }),
    status: STATUS[change.status],
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    html_url: `${html}/src/commit/${sha}/${change.path}`,
    contents_url: `${api}/contents/${change.path}?ref=${sha}`,
    raw_url: `${html}/raw/commit/${sha}/${change.path}`,
  };
}

function sumUp(changes: readonly FileChange[]) {
  const additions = changes.reduce((sum, file) => sum + file.additions, 0);
  const deletions = changes.reduce((sum, file) => sum + file.deletions, 0);
  return { total: additions + deletions, additions, deletions };
}

function findUser(service: ForgeService, signature: GitSignature) {
  const account = service.state.accounts.find(
    ({ email, kind }) =>
      kind === 'user' && email.toLowerCase() === signature.email.toLowerCase(),
  );
  return account ? presentUser(service, account.login) : null;
}

function toPayloadUser(service: ForgeService, signature: GitSignature) {
  return {
    name: signature.name,
    email: signature.email,
    username: findUser(service, signature)?.login ?? '',
  };
}
