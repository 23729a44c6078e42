import type { NewCommit } from './git/importCommits';
import type { SandboxPart } from '../SandboxPart';

/**
 * The forge for the other parts of the sandbox: seeding, and news of pushes.
 *
 * @public
 */
export interface Forge {
  readonly part: SandboxPart;
  /** Makes a repository without commits; the organisation too if there is none. Fails if it exists. */
  createRepository(options: {
    readonly owner: string;
    readonly name: string;
    readonly description?: string;
    readonly private?: boolean;
    readonly topics?: readonly string[];
  }): Promise<void>;
  /** Writes one commit and returns its id. */
  commitFiles(options: CommitFilesOptions): Promise<string>;
  /**
   * Writes many commits at once, for a past: each gets a finished CI run at its date, and listeners hear of one push.
   *
   * @returns the ids of the commits
   */
  commitHistory(options: {
    readonly owner: string;
    readonly name: string;
    /** @defaultValue the default branch */
    readonly branch?: string;
    readonly commits: readonly NewCommit[];
  }): Promise<string[]>;
  /** The folder of the bare repository; undefined if there is no such repository. */
  repositoryPath(owner: string, name: string): string | undefined;
  listRepositories(): readonly {
    readonly owner: string;
    readonly name: string;
    readonly defaultBranch: string;
    readonly private: boolean;
    /** The address for `git clone`. */
    readonly cloneUrl: string;
  }[];
  /** Calls the listener after each change of a branch or a tag. Returns what ends that. */
  onPush(listener: (push: PushEvent) => void): () => void;
}

/** @public */
export interface CommitFilesOptions {
  readonly owner: string;
  readonly name: string;
  /** Made from the default branch if it is not there. */
  readonly branch: string;
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  /** @defaultValue now */
  readonly date?: Date;
  /** The whole content by path; null removes the file. */
  readonly files: Readonly<Record<string, string | null>>;
}

/**
 * A branch or tag that was made, moved or removed.
 *
 * @public
 */
export interface PushEvent {
  readonly owner: string;
  readonly name: string;
  /** The full name, such as `refs/heads/main`. */
  readonly ref: string;
  /** Undefined for a tag. */
  readonly branch?: string;
  /** Forty zeros if it is new. */
  readonly before: string;
  /** Forty zeros if it was removed. */
  readonly after: string;
  /** The login of who did it. */
  readonly pusher: string;
}
