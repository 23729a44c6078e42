import { Buffer } from 'node:buffer';
import type { SandboxContext } from '../core/SandboxContext';
import { ForgeError } from './ForgeError';
import type { PushEvent } from './Forge';
import {
  isFilePath,
  isOwnerName,
  isRefName,
  isRepositoryName,
} from './git/checkNames';
import { GitRepository, NO_COMMIT } from './git/GitRepository';
import { BranchMovedError, importCommits } from './git/importCommits';
import type { NewCommit } from './git/importCommits';
import { initBareRepository } from './git/initBareRepository';
import { ForgeState } from './state/ForgeState';
import type { Account, PullRecord, RepositoryRecord } from './state/schemas';

/** What a file may have at most, in bytes. */
const MAX_FILE = 10 * 1024 * 1024;

/** How long it takes until a pull request is known to be mergeable, in milliseconds. */
const CHECK_MS = 500;

/** How many files one commit may change. */
const MAX_FILES = 2_000;

/**
 * What the forge does, whoever asks: the REST API, a push, a page or another part of the sandbox.
 *
 * @internal
 */
export class ForgeService {
  readonly context: SandboxContext;
  readonly state: ForgeState;
  /** The forge's address, such as `http://localhost:7008/gitea`. */
  readonly url: string;
  readonly #listeners = new Set<(push: PushEvent) => void>();
  readonly #checking = new Map<number, symbol>();

  constructor(context: SandboxContext, state: ForgeState, path: string) {
    this.context = context;
    this.state = state;
    this.url = `${context.url}${path}`;
  }

  /** The Git side of a repository. */
  git(record: { owner: string; name: string }): GitRepository {
    return new GitRepository(this.state.repositoryFolder(record));
  }

  /** Adds the account if it is not there. */
  ensureAccount(
    account: Pick<Account, 'login' | 'kind'> & Partial<Account>,
  ): Account {
    if (!isOwnerName(account.login)) {
      throw ForgeError.invalid(`name is invalid [name: ${account.login}]`);
    }
    return (
      this.state.account(account.login) ??
      this.state.addAccount({
        fullName: account.login,
        email: `${account.login.toLowerCase()}@fernway.example`,
        description: '',
        ...account,
      })
    );
  }

  async createRepository(options: {
    readonly owner: string;
    readonly name: string;
    readonly description?: string;
    readonly private?: boolean;
    readonly defaultBranch?: string;
    readonly topics?: readonly string[];
  }): Promise<RepositoryRecord> {
    const { owner, name, defaultBranch = 'main' } = options;
    if (!isRepositoryName(name)) {
      throw ForgeError.invalid('[Name]: AlphaDashDot');
    }
    if (!isRefName(defaultBranch)) {
      throw ForgeError.invalid(`branch name is invalid: ${defaultBranch}`);
    }
    if (this.state.repository(owner, name)) {
      throw new ForgeError(
        409,
        'The repository with the same name already exists.',
      );
    }
    const now = new Date().toISOString();
    const record: RepositoryRecord = {
      id: this.state.nextId(),
      owner: this.state.account(owner)?.login ?? owner,
      name,
      description: options.description ?? '',
      website: '',
      private: options.private ?? false,
      archived: false,
      defaultBranch,
      topics: [...(options.topics ?? [])],
      createdAt: now,
      updatedAt: now,
      nextNumber: 1,
      nextRun: 1,
      pulls: [],
      statuses: [],
      runs: [],
      hooks: [],
      releases: [],
      protectedBranches: [],
    };
    // Before the first await, so that of two callers at once the second is refused.
    this.state.addRepository(record);
    try {
      await initBareRepository(
        this.state.repositoryFolder(record),
        defaultBranch,
      );
    } catch (error) {
      this.state.removeRepository(record);
      throw error;
    }
    return record;
  }

  /**
   * Writes commits on a branch and tells the listeners.
   *
   * @param options - `start` is the branch that a new one grows from
   * @returns the ids of the commits
   */
  async commit(
    record: RepositoryRecord,
    options: {
      readonly branch: string;
      readonly start?: string;
      readonly commits: readonly NewCommit[];
      readonly pusher: string;
      /** Where the caller thinks that the branch is. */
      readonly expected?: string;
      /** Gets the ids before anybody is told. */
      readonly beforeAnnounce?: (shas: readonly string[]) => void;
    },
  ): Promise<string[]> {
    const { branch, start, commits, pusher, expected } = options;
    checkBranch(branch);
    commits.forEach(checkFiles);
    const repository = this.git(record);
    const base = await repository.branchHead(branch);
    if (expected !== undefined && expected !== base) {
      throw moved(branch, base);
    }
    let shas: string[];
    try {
      shas = await importCommits(repository, {
        branch,
        base,
        start:
          base === undefined && start !== undefined
            ? await repository.resolve(start)
            : undefined,
        commits,
      });
    } catch (error) {
      if (error instanceof BranchMovedError) {
        throw moved(branch, await repository.branchHead(branch));
      }
      throw error;
    }
    options.beforeAnnounce?.(shas);
    this.announce(
      record,
      [
        {
          ref: `refs/heads/${branch}`,
          before: base ?? NO_COMMIT,
          after: shas[shas.length - 1],
        },
      ],
      pusher,
    );
    return shas;
  }

  /** Tells everybody of changed refs. */
  announce(
    record: RepositoryRecord,
    changes: readonly { ref: string; before: string; after: string }[],
    pusher: string,
  ): void {
    record.updatedAt = new Date().toISOString();
    this.state.save(record);
    for (const change of changes) {
      const push: PushEvent = {
        owner: record.owner,
        name: record.name,
        branch: /^refs\/heads\/(.+)$/.exec(change.ref)?.[1],
        pusher,
        ...change,
      };
      for (const listener of this.#listeners) {
        try {
          listener(push);
        } catch (error) {
          this.context.log('gitea', `a listener failed: ${error}`);
        }
      }
    }
  }

  /** Begins to check whether a pull request can be merged, which takes a real Gitea a moment too. */
  startCheck(pull: PullRecord): void {
    const check = Symbol('check');
    this.#checking.set(pull.id, check);
    void this.context.delay(CHECK_MS).then(() => {
      if (this.#checking.get(pull.id) === check) {
        this.#checking.delete(pull.id);
      }
    });
  }

  /** Whether it is not known yet if a pull request can be merged. */
  isChecking(pull: PullRecord): boolean {
    return this.#checking.has(pull.id);
  }

  onPush(listener: (push: PushEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function moved(branch: string, head: string | undefined): ForgeError {
  return new ForgeError(
    409,
    `branch ${branch} has changed: it is at ${head ?? 'no commit'}`,
  );
}

function checkBranch(branch: string) {
  if (!isRefName(branch)) {
    throw ForgeError.invalid(`branch name is invalid: ${branch}`);
  }
}

function checkFiles(commit: NewCommit) {
  const files = Object.entries(commit.files);
  if (files.length > MAX_FILES) {
    throw ForgeError.invalid(`more than ${MAX_FILES} files in one commit`);
  }
  for (const [path, content] of files) {
    if (!isFilePath(path)) {
      throw ForgeError.invalid(
        `path contains a malformed path component [path: ${path}]`,
      );
    }
    if (content !== null && Buffer.byteLength(content) > MAX_FILE) {
      throw new ForgeError(413, `file is too large [path: ${path}]`);
    }
  }
}
