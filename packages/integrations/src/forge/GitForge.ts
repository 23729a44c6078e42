import type { Upstream } from '../core/UpstreamRegistry';
import type {
  Comparison,
  FileChange,
  ForgeCommit,
  ForgeFile,
  ForgePerson,
  ForgeRepository,
  ForgeTree,
  PullRequest,
  RepositoryRef,
  WorkflowJob,
  WorkflowRun,
  WrittenCommit,
} from './types';

/** What every call to a forge takes. @public */
export interface ForgeCallOptions {
  readonly signal?: AbortSignal;
}

/** @public */
export interface CreateRepositoryOptions extends ForgeCallOptions {
  readonly repository: RepositoryRef;
  readonly description?: string;
  /** @defaultValue false */
  readonly private?: boolean;
  /**
   * With a first commit, so that it has a branch. GitHub writes to no empty repository.
   *
   * @defaultValue true
   */
  readonly initialize?: boolean;
}

/** @public */
export interface CommitFilesOptions extends ForgeCallOptions {
  readonly repository: RepositoryRef;
  /** Made from `from` if it is given and there is no such branch. */
  readonly branch: string;
  /** The branch that a new one grows from. If it is given and `branch` exists, that is a conflict. */
  readonly from?: string;
  /** The commit that the writer has seen as head of `from` or `branch`. */
  readonly expectedBase?: string;
  readonly message: string;
  /** @defaultValue whoever the portal is at the forge */
  readonly author?: ForgePerson;
  readonly changes: readonly FileChange[];
}

/** @public */
export interface OpenPullRequestOptions extends ForgeCallOptions {
  readonly repository: RepositoryRef;
  readonly title: string;
  readonly body?: string;
  /** The branch with the change. */
  readonly head: string;
  /** The branch it goes to. */
  readonly base: string;
}

/** @public */
export interface MergePullRequestOptions extends ForgeCallOptions {
  readonly repository: RepositoryRef;
  readonly number: number;
  /** The head that was looked at. If it moved since, nothing is merged. */
  readonly expectedHead?: string;
  /** @defaultValue `merge` */
  readonly method?: 'merge' | 'squash' | 'rebase';
  readonly title?: string;
  readonly message?: string;
}

/**
 * A Git forge, whatever its make.
 *
 * @remarks
 * Failures are `UpstreamError`s; `forgeFailureOf` tells those apart that a caller has an answer to. Writes are sent
 * once: whoever repeats one after an unknown end looks first what is there.
 *
 * @public
 */
export interface GitForge {
  readonly system: 'gitea' | 'github';
  /** The host in the configuration. */
  readonly instance: string;
  readonly upstream: Upstream;
  /** The repository that a URL of this forge leads to; undefined if it leads elsewhere. */
  parseUrl(url: string): RepositoryRef | undefined;

  /** Fails with `repository-exists` if there is one. */
  createRepository(options: CreateRepositoryOptions): Promise<ForgeRepository>;
  findRepository(
    repository: RepositoryRef,
    options?: ForgeCallOptions,
  ): Promise<ForgeRepository | undefined>;
  /** Removes a repository for good. One that is not there is no error. */
  deleteRepository(
    repository: RepositoryRef,
    options?: ForgeCallOptions,
  ): Promise<void>;
  /**
   * Repositories of an account whose name has a text in it, the best match first; without those that are archived.
   *
   * @param options - without `text`, all; `limit` is at most 50
   */
  searchRepositories(
    owner: string,
    options?: ForgeCallOptions & {
      readonly text?: string;
      /** @defaultValue 20 */
      readonly limit?: number;
    },
  ): Promise<ForgeRepository[]>;
  /** The commit that a branch is at. */
  findBranch(
    repository: RepositoryRef,
    branch: string,
    options?: ForgeCallOptions,
  ): Promise<string | undefined>;

  /**
   * Writes many files in one commit.
   *
   * @remarks
   * Fails with `branch-moved` if the branch is not at `expectedBase`, naming where it is. GitHub decides that when it
   * moves the branch. Gitea can only be asked before, and then refuses if one of the same files changed; a commit of
   * others in that moment becomes the `base` of this one.
   */
  commitFiles(options: CommitFilesOptions): Promise<WrittenCommit>;

  /** Fails with `pull-request-exists` or `no-changes`. */
  openPullRequest(options: OpenPullRequestOptions): Promise<PullRequest>;
  findPullRequest(
    repository: RepositoryRef,
    number: number,
    options?: ForgeCallOptions,
  ): Promise<PullRequest | undefined>;
  /** Newest first, at most 100. */
  listPullRequests(
    repository: RepositoryRef,
    options?: ForgeCallOptions & {
      /** @defaultValue `open` */
      readonly state?: 'open' | 'closed' | 'all';
      readonly head?: string;
      readonly base?: string;
    },
  ): Promise<PullRequest[]>;
  /**
   * Merges a pull request, and waits until the forge knows whether it can. One that is merged already is a success.
   *
   * @returns the pull request after the merge
   */
  mergePullRequest(options: MergePullRequestOptions): Promise<PullRequest>;

  /** @param options - `ref` is a branch, a tag or a commit, by default the default branch */
  findFile(
    repository: RepositoryRef,
    path: string,
    options?: ForgeCallOptions & { readonly ref?: string },
  ): Promise<ForgeFile | undefined>;
  /** All files; undefined if there is no such repository or ref, or no commit. */
  findTree(
    repository: RepositoryRef,
    options?: ForgeCallOptions & { readonly ref?: string },
  ): Promise<ForgeTree | undefined>;
  /** Newest first; none of an empty repository. */
  listCommits(
    repository: RepositoryRef,
    options?: ForgeCallOptions & {
      readonly ref?: string;
      readonly path?: string;
      /** @defaultValue 50 */
      readonly limit?: number;
    },
  ): Promise<ForgeCommit[]>;
  /** What `head` has that `base` has not. */
  compare(
    repository: RepositoryRef,
    base: string,
    head: string,
    options?: ForgeCallOptions,
  ): Promise<Comparison>;
  /** Newest first, at most 50. */
  listWorkflowRuns(
    repository: RepositoryRef,
    options?: ForgeCallOptions & {
      readonly branch?: string;
      readonly sha?: string;
      /** @defaultValue 30 */
      readonly limit?: number;
    },
  ): Promise<WorkflowRun[]>;
  /** Of a run of {@link GitForge.listWorkflowRuns}, at most 100. */
  listWorkflowJobs(
    repository: RepositoryRef,
    run: number,
    options?: ForgeCallOptions,
  ): Promise<WorkflowJob[]>;
  /** Closes the connections. */
  close(): Promise<void>;
}
