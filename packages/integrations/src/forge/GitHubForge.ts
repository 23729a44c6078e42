import { z } from 'zod';
import { refusesCredentials } from '../core/refusesCredentials';
import type { Upstream } from '../core/UpstreamRegistry';
import { forgeFailureOf, notMergeable } from './errors';
import { forgePath, parseRepositoryUrl, repositoryPath } from './forgePath';
import { commitToGitHub } from './commitToGitHub';
import type {
  CommitFilesOptions,
  CreateRepositoryOptions,
  ForgeCallOptions,
  GitForge,
  MergePullRequestOptions,
  OpenPullRequestOptions,
} from './GitForge';
import { GitHubHttp } from './GitHubHttp';
import type { GitHubHttpOptions } from './GitHubHttp';
import * as schemas from './githubSchemas';
import { readGitHubFile, readGitHubTree } from './readGitHub';
import type {
  Comparison,
  ForgeCommit,
  ForgeFile,
  ForgeRepository,
  ForgeTree,
  PullRequest,
  RepositoryRef,
  WorkflowJob,
  WorkflowRun,
  WrittenCommit,
} from './types';
import { ignoreMissing } from './ignoreMissing';
import { waitForMergeable } from './waitForMergeable';
import { workflowJobsCall, workflowJobsSchema } from './workflowJobs';

/** What GitHub gives on one page at most. */
const PAGE = 100;

/** Commits of a comparison that are read at most. */
const MAX_COMPARED = 1_000;

/** @internal */
export interface GitHubForgeOptions extends GitHubHttpOptions {
  /**
   * How long it may take until a pull request is known to be mergeable, in milliseconds.
   *
   * @defaultValue 10,000
   */
  readonly patienceMs?: number;
}

/**
 * GitHub, in the cloud or an Enterprise Server, with a token or as a GitHub App.
 *
 * @internal
 */
export class GitHubForge implements GitForge {
  readonly system = 'github';
  readonly instance: string;
  readonly #http: GitHubHttp;
  readonly #isApp: boolean;
  readonly #patienceMs: number;

  constructor(options: GitHubForgeOptions) {
    this.instance = options.config.host;
    this.#patienceMs = options.patienceMs ?? 10_000;
    this.#isApp = Boolean(options.config.apps?.length);
    this.#http = new GitHubHttp(options);
  }

  get upstream(): Upstream {
    return {
      system: this.system,
      instance: this.instance,
      url: `https://${this.instance}`,
      probe: async signal => {
        try {
          await this.#http.main.send({
            operation: 'probe',
            // The limit's own call counts against no limit, but answers only who has one: an app has none itself.
            path: this.#isApp ? '/app' : '/rate_limit',
            signal,
          });
          return { authenticated: true };
        } catch (error) {
          if (refusesCredentials(error)) {
            return { authenticated: false };
          }
          throw error;
        }
      },
      health: () => this.#http.main.health(),
      caches: () => [],
    };
  }

  parseUrl(url: string): RepositoryRef | undefined {
    return parseRepositoryUrl(`https://${this.instance}`, url);
  }

  async createRepository(
    options: CreateRepositoryOptions,
  ): Promise<ForgeRepository> {
    const { repository, description = '', initialize = true, signal } = options;
    const { owner, name } = repository;
    const http = this.#http.of(owner);
    const account = await http.json(
      { operation: 'get-owner', path: forgePath`/users/${owner}`, signal },
      schemas.accountSchema,
    );
    return http.json(
      {
        operation: 'create-repository',
        method: 'POST',
        path:
          account.type === 'Organization'
            ? forgePath`/orgs/${owner}/repos`
            : '/user/repos',
        body: {
          name,
          description,
          private: options.private ?? false,
          auto_init: initialize,
        },
        signal,
      },
      schemas.repositorySchema,
    );
  }

  async findRepository(
    repository: RepositoryRef,
    { signal }: ForgeCallOptions = {},
  ): Promise<ForgeRepository | undefined> {
    return this.#http.of(repository.owner).findJson(
      {
        operation: 'get-repository',
        path: repositoryPath(repository),
        signal,
      },
      schemas.repositorySchema,
    );
  }

  async deleteRepository(
    repository: RepositoryRef,
    { signal }: ForgeCallOptions = {},
  ): Promise<void> {
    await ignoreMissing(
      this.#http.of(repository.owner).send({
        operation: 'delete-repository',
        method: 'DELETE',
        path: repositoryPath(repository),
        signal,
      }),
    );
  }

  async searchRepositories(
    owner: string,
    options: ForgeCallOptions & { text?: string; limit?: number } = {},
  ): Promise<ForgeRepository[]> {
    const { limit = 20, signal, text = '' } = options;
    // What is no letter, digit or dash would be a qualifier of the search
    const word = text.replace(/[^\w.-]+/g, ' ').trim();
    const { items } = await this.#http.of(owner).json(
      {
        operation: 'search-repositories',
        path: '/search/repositories',
        query: {
          q: `${word} in:name user:${owner.replace(
            /[^\w-]/g,
            '',
          )} archived:false fork:true`.trim(),
          per_page: limit,
        },
        signal,
      },
      schemas.foundRepositoriesSchema,
    );
    return items;
  }

  async findBranch(
    repository: RepositoryRef,
    branch: string,
    { signal }: ForgeCallOptions = {},
  ): Promise<string | undefined> {
    try {
      return await this.#http.of(repository.owner).findJson(
        {
          operation: 'get-branch',
          path: `${repositoryPath(
            repository,
          )}${forgePath`/git/ref/heads/${branch}`}`,
          signal,
        },
        schemas.refSchema,
      );
    } catch (error) {
      if (forgeFailureOf(error)?.type === 'repository-empty') {
        return undefined;
      }
      throw error;
    }
  }

  async commitFiles(options: CommitFilesOptions): Promise<WrittenCommit> {
    return commitToGitHub(
      this,
      this.#http.of(options.repository.owner),
      options,
    );
  }

  async openPullRequest(options: OpenPullRequestOptions): Promise<PullRequest> {
    const { repository, title, body = '', head, base, signal } = options;
    return this.#http.of(repository.owner).json(
      {
        operation: 'open-pull-request',
        method: 'POST',
        path: `${repositoryPath(repository)}/pulls`,
        body: { title, body, head, base },
        signal,
      },
      schemas.pullSchema,
    );
  }

  async findPullRequest(
    repository: RepositoryRef,
    number: number,
    { signal }: ForgeCallOptions = {},
  ): Promise<PullRequest | undefined> {
    return this.#http
      .of(repository.owner)
      .findJson(
        pullRequestCall(repository, number, signal),
        schemas.pullSchema,
      );
  }

  async listPullRequests(
    repository: RepositoryRef,
    options: Parameters<GitForge['listPullRequests']>[1] = {},
  ): Promise<PullRequest[]> {
    const { state = 'open', head, base, signal } = options;
    return this.#http.of(repository.owner).json(
      {
        operation: 'list-pull-requests',
        path: `${repositoryPath(repository)}/pulls`,
        query: {
          state,
          base,
          head: head && `${repository.owner}:${head}`,
          per_page: PAGE,
        },
        signal,
      },
      z.array(schemas.pullSchema),
    );
  }

  async mergePullRequest(
    options: MergePullRequestOptions,
  ): Promise<PullRequest> {
    const { repository, number, expectedHead, signal } = options;
    const http = this.#http.of(repository.owner);
    const read = () =>
      http.json(
        pullRequestCall(repository, number, signal),
        schemas.pullSchema,
      );
    const pull = await waitForMergeable(
      async () => {
        const seen = await read();
        // GitHub says null until it knows, so a no is one.
        if (seen.state === 'open' && seen.mergeable === false) {
          throw notMergeable(this, number);
        }
        return seen;
      },
      Date.now() + this.#patienceMs,
      signal,
    );
    if (pull.state === 'merged') {
      return pull;
    }
    if (pull.state === 'closed') {
      throw notMergeable(this, number);
    }
    await http.send({
      operation: 'merge-pull-request',
      method: 'PUT',
      path: `${repositoryPath(repository)}/pulls/${number}/merge`,
      body: {
        merge_method: options.method ?? 'merge',
        commit_title: options.title,
        commit_message: options.message,
        sha: expectedHead ?? pull.head.sha,
      },
      signal,
    });
    return read();
  }

  async findFile(
    repository: RepositoryRef,
    path: string,
    { ref, signal }: ForgeCallOptions & { readonly ref?: string } = {},
  ): Promise<ForgeFile | undefined> {
    return readGitHubFile(
      this.#http.of(repository.owner),
      repository,
      path,
      ref,
      signal,
    );
  }

  async findTree(
    repository: RepositoryRef,
    { ref, signal }: ForgeCallOptions & { readonly ref?: string } = {},
  ): Promise<ForgeTree | undefined> {
    return readGitHubTree(
      this.#http.of(repository.owner),
      repository,
      ref,
      signal,
    );
  }

  async listCommits(
    repository: RepositoryRef,
    options: Parameters<GitForge['listCommits']>[1] = {},
  ): Promise<ForgeCommit[]> {
    const { ref, path, limit = 50, signal } = options;
    const commits: ForgeCommit[] = [];
    const perPage = Math.min(limit, PAGE);
    try {
      for (let page = 1; commits.length < limit; page++) {
        const next = await this.#http.of(repository.owner).json(
          {
            operation: 'list-commits',
            path: `${repositoryPath(repository)}/commits`,
            query: { sha: ref, path, per_page: perPage, page },
            signal,
          },
          z.array(schemas.commitSchema),
        );
        commits.push(...next);
        if (next.length < perPage) {
          break;
        }
      }
    } catch (error) {
      if (forgeFailureOf(error)?.type !== 'repository-empty') {
        throw error;
      }
    }
    return commits.slice(0, limit);
  }

  async compare(
    repository: RepositoryRef,
    base: string,
    head: string,
    { signal }: ForgeCallOptions = {},
  ): Promise<Comparison> {
    const commits: ForgeCommit[] = [];
    for (let page = 1; ; page++) {
      const answer = await this.#http.of(repository.owner).json(
        {
          operation: 'compare',
          path: `${repositoryPath(
            repository,
          )}${forgePath`/compare/${`${base}...${head}`}`}`,
          query: { per_page: PAGE, page },
          signal,
        },
        schemas.comparisonSchema,
      );
      commits.push(...answer.commits);
      if (
        commits.length >= Math.min(answer.total_commits, MAX_COMPARED) ||
        answer.commits.length === 0
      ) {
        return {
          // GitHub begins with the oldest.
          commits: commits.reverse(),
          totalCommits: answer.total_commits,
        };
      }
    }
  }

  async listWorkflowRuns(
    repository: RepositoryRef,
    options: Parameters<GitForge['listWorkflowRuns']>[1] = {},
  ): Promise<WorkflowRun[]> {
    const { branch, sha, limit = 30, signal } = options;
    return this.#http.of(repository.owner).json(
      {
        operation: 'list-workflow-runs',
        path: `${repositoryPath(repository)}/actions/runs`,
        query: { branch, head_sha: sha, per_page: Math.min(limit, 50) },
        signal,
      },
      schemas.runsSchema,
    );
  }

  listWorkflowJobs(
    repository: RepositoryRef,
    run: number,
    { signal }: ForgeCallOptions = {},
  ): Promise<WorkflowJob[]> {
    return this.#http
      .of(repository.owner)
      .json(
        workflowJobsCall(repository, run, 'per_page', signal),
        workflowJobsSchema,
      );
  }

  async close(): Promise<void> {
    await this.#http.close();
  }
}

function pullRequestCall(
  repository: RepositoryRef,
  number: number,
  signal?: AbortSignal,
) {
  return {
    operation: 'get-pull-request',
    path: `${repositoryPath(repository)}/pulls/${number}`,
    signal,
  };
}
