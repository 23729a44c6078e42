/** A repository by its owner and name. @public */
export interface RepositoryRef {
  readonly owner: string;
  readonly name: string;
}

/** @public */
export interface ForgeRepository extends RepositoryRef {
  readonly description: string;
  readonly private: boolean;
  readonly archived: boolean;
  readonly defaultBranch: string;
  /** For people. */
  readonly url: string;
  /** For `git clone`. */
  readonly cloneUrl: string;
}

/** @public */
export interface ForgePerson {
  readonly name: string;
  readonly email: string;
}

/** @public */
export interface ForgeCommit {
  readonly sha: string;
  readonly message: string;
  readonly author: ForgePerson;
  /** When it was written, as an ISO 8601 time. */
  readonly authoredAt: string;
  /** When it was put where it is, as an ISO 8601 time: a rebase changes it. */
  readonly committedAt: string;
  readonly parents: readonly string[];
  /** For people. */
  readonly url: string;
}

/** What happens to one file in a commit. @public */
export type FileChange =
  | { readonly path: string; readonly content: string | Buffer }
  | { readonly path: string; readonly delete: true };

/** A commit that was written. @public */
export interface WrittenCommit {
  readonly sha: string;
  /** The commit it was written on; undefined if it is the first. */
  readonly base?: string;
  readonly branch: string;
  /** For people. */
  readonly url: string;
}

/** @public */
export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly head: { readonly branch: string; readonly sha: string };
  readonly base: { readonly branch: string; readonly sha: string };
  /**
   * Whether it can be merged as it is; undefined if the forge has not found out yet, or does not say.
   *
   * @remarks
   * Gitea says no as long as it has not found out.
   */
  readonly mergeable?: boolean;
  readonly mergedAt?: string;
  /** The commit that the merge made. */
  readonly mergeCommit?: string;
  /** The login of who opened it. */
  readonly author: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** For people. */
  readonly url: string;
}

/** A file at a commit. @public */
export interface ForgeFile {
  readonly path: string;
  readonly content: Buffer;
  /** The id of the blob. */
  readonly sha: string;
  /** For people. */
  readonly url: string;
}

/** All files at a commit. @public */
export interface ForgeTree {
  readonly commit: string;
  readonly entries: readonly ForgeTreeEntry[];
  /** Whether the repository has more than the forge lists. */
  readonly truncated: boolean;
}

/** @public */
export interface ForgeTreeEntry {
  readonly path: string;
  readonly type: 'file' | 'folder' | 'submodule';
  readonly sha: string;
  /** Of a file, in bytes. */
  readonly size?: number;
}

/** What one ref has that another has not. @public */
export interface Comparison {
  /** Newest first. */
  readonly commits: readonly ForgeCommit[];
  readonly totalCommits: number;
}

/** A run of the forge's CI. @public */
export interface WorkflowRun {
  readonly id: number;
  /** The number that people see. */
  readonly number: number;
  readonly title: string;
  /** The name of the workflow's file. */
  readonly workflow: string;
  readonly event: string;
  readonly branch?: string;
  readonly sha: string;
  readonly status: 'queued' | 'running' | 'completed';
  /** How it ended, in the forge's word; undefined before. */
  readonly conclusion?: string;
  readonly startedAt?: string;
  readonly completedAt?: string;
  /** For people. */
  readonly url: string;
}

/** A step of a job. @public */
export interface WorkflowStep {
  readonly name: string;
  readonly status: WorkflowRun['status'];
  /** How it ended, in the forge's word; undefined before. */
  readonly conclusion?: string;
  readonly startedAt?: string;
  readonly completedAt?: string;
}

/** A job of a run of the forge's CI. @public */
export interface WorkflowJob extends WorkflowStep {
  readonly id: number;
  /** For people. */
  readonly url?: string;
  readonly steps: readonly WorkflowStep[];
}
