import type { LoggerService } from '@backstage/backend-plugin-api';
import { getGiteaRequestOptions } from '@backstage/integration';
import type { GiteaIntegrationConfig } from '@backstage/integration';
import { z } from 'zod';
import { createUpstreamHttp } from '../core/createUpstreamHttp';
import { refusesCredentials } from '../core/refusesCredentials';
import { UpstreamError } from '../core/UpstreamError';
import type { UpstreamHttp, UpstreamRequest } from '../core/UpstreamHttp';
import type { UpstreamLimits } from '../core/UpstreamHttpOptions';
import type { Upstream } from '../core/UpstreamRegistry';
import { commitToGitea } from './commitToGitea';
import { forgeFailureOf } from './errors';
import { forgePath, parseRepositoryUrl, repositoryPath } from './forgePath';
import type {
  CommitFilesOptions,
  CreateRepositoryOptions,
  ForgeCallOptions,
  GitForge,
  MergePullRequestOptions,
  OpenPullRequestOptions,
} from './GitForge';
import * as schemas from './giteaSchemas';
import { ignoreMissing } from './ignoreMissing';
import { giteaPullCall, mergeOnGitea } from './mergeOnGitea';
import { parseGiteaError } from './parseGiteaError';
import { readGiteaTree } from './readGiteaTree';
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
import { workflowJobsCall, workflowJobsSchema } from './workflowJobs';

/** What is asked for on one page. An administrator may have Gitea give less. */
const PAGE = 50;

/** @internal */
export interface GiteaForgeOptions {
  readonly config: GiteaIntegrationConfig;
  readonly logger?: LoggerService;
  readonly limits?: UpstreamLimits;
  /**
   * How long it may take until a pull request is known to be mergeable, in milliseconds.
   *
   * @defaultValue 5,000
   */
  readonly patienceMs?: number;
  /** Entries of a list that are asked for at once. @defaultValue 50 */
  readonly pageSize?: number;
}

/**
 * Gitea from 1.20, and Forgejo, which has the same API.
 *
 * @internal
 */
export class GiteaForge implements GitForge {
  readonly system = 'gitea';
  readonly instance: string;
  readonly #http: UpstreamHttp;
  readonly #url: string;
  readonly #patienceMs: number;
  readonly #pageSize: number;

  constructor(options: GiteaForgeOptions) {
    const { config, logger, limits, patienceMs = 5_000 } = options;
    this.instance = config.host;
    this.#url = config.baseUrl ?? `https://${config.host}`;
    this.#patienceMs = patienceMs;
    this.#pageSize = options.pageSize ?? PAGE;
    this.#http = createUpstreamHttp({
      system: this.system,
      instance: this.instance,
      baseUrl: `${this.#url}/api/v1`,
      authorization: () => ({ ...getGiteaRequestOptions(config).headers }),
      secrets: config.password ? [config.password] : [],
      parseError: parseGiteaError,
      limits,
      logger,
    });
  }

  get upstream(): Upstream {
    return {
      system: this.system,
      instance: this.instance,
      url: this.#url,
      probe: async signal => {
        const { version } = await this.#http.json(
          { operation: 'get-version', path: '/version', signal },
          schemas.versionSchema,
        );
        try {
          await this.#http.json(
            { operation: 'get-user', path: '/user', signal },
            schemas.userSchema,
          );
          return { version, authenticated: true };
        } catch (error) {
          if (refusesCredentials(error)) {
            return { version, authenticated: false };
          }
          throw error;
        }
      },
      health: () => this.#http.health(),
      caches: () => [],
    };
  }

  parseUrl(url: string): RepositoryRef | undefined {
    return parseRepositoryUrl(this.#url, url);
  }

  async createRepository(
    options: CreateRepositoryOptions,
  ): Promise<ForgeRepository> {
    const { repository, description = '', initialize = true, signal } = options;
    const { owner, name } = repository;
    const path = await this.#ownerPath(owner, signal);
    return this.#http.json(
      {
        operation: 'create-repository',
        method: 'POST',
        path: `${path}/repos`,
        body: {
          name,
          description,
          private: options.private ?? false,
          auto_init: initialize,
          default_branch: 'main',
          ...(initialize && { readme: 'Default' }),
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
    return this.#http.findJson(
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
      this.#http.send({
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
    const account = await this.#http.findJson(
      { operation: 'get-owner', path: forgePath`/users/${owner}`, signal },
      schemas.accountSchema,
    );
    if (!account) {
      return [];
    }
    const { data } = await this.#http.json(
      {
        operation: 'search-repositories',
        path: '/repos/search',
        query: {
          q: text,
          uid: account.id,
          exclusive: true,
          archived: false,
          limit,
        },
        signal,
      },
      schemas.foundRepositoriesSchema,
    );
    // Some versions take 'archived' for nothing
    return data.filter(({ archived }) => !archived);
  }

  async findBranch(
    repository: RepositoryRef,
    branch: string,
    { signal }: ForgeCallOptions = {},
  ): Promise<string | undefined> {
    return this.#http.findJson(
      {
        operation: 'get-branch',
        path: `${repositoryPath(repository)}${forgePath`/branches/${branch}`}`,
        signal,
      },
      schemas.branchSchema,
    );
  }

  async commitFiles(options: CommitFilesOptions): Promise<WrittenCommit> {
    return commitToGitea(this, this.#http, options);
  }

  async openPullRequest(options: OpenPullRequestOptions): Promise<PullRequest> {
    const { repository, title, body = '', head, base, signal } = options;
    return this.#http.json(
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
    return this.#http.findJson(
      giteaPullCall(repository, number, signal),
      schemas.pullSchema,
    );
  }

  async listPullRequests(
    repository: RepositoryRef,
    options: Parameters<GitForge['listPullRequests']>[1] = {},
  ): Promise<PullRequest[]> {
    const { state = 'open', head, base, signal } = options;
    const pulls = await this.#pages(
      {
        operation: 'list-pull-requests',
        path: `${repositoryPath(repository)}/pulls`,
        query: { state, base_branch: base },
        signal,
      },
      z.array(schemas.pullSchema),
      100,
    );
    return pulls.filter(
      pull =>
        (head === undefined || pull.head.branch === head) &&
        (base === undefined || pull.base.branch === base),
    );
  }

  async mergePullRequest(
    options: MergePullRequestOptions,
  ): Promise<PullRequest> {
    return mergeOnGitea(this, this.#http, options, this.#patienceMs);
  }

  async findFile(
    repository: RepositoryRef,
    path: string,
    { ref, signal }: ForgeCallOptions & { readonly ref?: string } = {},
  ): Promise<ForgeFile | undefined> {
    const answer = await this.#http.findJson(
      {
        operation: 'get-file',
        path: `${repositoryPath(repository)}${forgePath`/contents/${path}`}`,
        query: { ref },
        signal,
      },
      // A folder is a list.
      z.union([schemas.fileSchema, z.array(z.unknown())]),
    );
    if (!answer || Array.isArray(answer) || answer.encoding !== 'base64') {
      return undefined;
    }
    return {
      path: answer.path,
      content: Buffer.from(answer.content ?? '', 'base64'),
      sha: answer.sha,
      url: answer.html_url ?? '',
    };
  }

  async findTree(
    repository: RepositoryRef,
    { ref, signal }: ForgeCallOptions & { readonly ref?: string } = {},
  ): Promise<ForgeTree | undefined> {
    const wanted =
      ref ?? (await this.findRepository(repository, { signal }))?.defaultBranch;
    return wanted === undefined
      ? undefined
      : readGiteaTree(this.#http, repository, wanted, signal);
  }

  async listCommits(
    repository: RepositoryRef,
    options: Parameters<GitForge['listCommits']>[1] = {},
  ): Promise<ForgeCommit[]> {
    const { ref, path, limit = 50, signal } = options;
    try {
      return await this.#pages(
        {
          operation: 'list-commits',
          path: `${repositoryPath(repository)}/commits`,
          query: {
            sha: ref,
            path,
            stat: false,
            files: false,
            verification: false,
          },
          signal,
        },
        schemas.commitsSchema,
        limit,
      );
    } catch (error) {
      if (forgeFailureOf(error)?.type === 'repository-empty') {
        return [];
      }
      throw error;
    }
  }

  async compare(
    repository: RepositoryRef,
    base: string,
    head: string,
    { signal }: ForgeCallOptions = {},
  ): Promise<Comparison> {
    const { total_commits, commits } = await this.#http.json(
      {
        operation: 'compare',
        path: `${repositoryPath(
          repository,
        )}${forgePath`/compare/${`${base}...${head}`}`}`,
        signal,
      },
      schemas.comparisonSchema,
    );
    return { commits, totalCommits: total_commits };
  }

  async listWorkflowRuns(
    repository: RepositoryRef,
    options: Parameters<GitForge['listWorkflowRuns']>[1] = {},
  ): Promise<WorkflowRun[]> {
    const { branch, sha, limit = 30, signal } = options;
    return this.#http.json(
      {
        operation: 'list-workflow-runs',
        path: `${repositoryPath(repository)}/actions/runs`,
        query: { branch, head_sha: sha, limit: Math.min(limit, PAGE) },
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
    return this.#http.json(
      workflowJobsCall(repository, run, 'limit', signal),
      workflowJobsSchema,
    );
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  /** Where the repositories of an organisation, or of the portal's own account, are made. */
  async #ownerPath(owner: string, signal?: AbortSignal): Promise<string> {
    const path = forgePath`/orgs/${owner}`;
    const organisation = await this.#http.findJson(
      { operation: 'get-organisation', path, signal },
      z.object({}),
    );
    if (organisation) {
      return path;
    }
    const { login } = await this.#http.json(
      { operation: 'get-user', path: '/user', signal },
      schemas.userSchema,
    );
    if (login.toLowerCase() === owner.toLowerCase()) {
      return '/user';
    }
    throw new UpstreamError({
      system: this.system,
      instance: this.instance,
      operation: 'create-repository',
      code: 'not-found',
      reason: `there is no organisation '${owner}' that the portal can see`,
      advice: 'Create it, or give the portal access to it',
    });
  }

  async #pages<T>(
    request: UpstreamRequest,
    schema: z.ZodType<T[]>,
    limit: number,
  ): Promise<T[]> {
    const items: T[] = [];
    for (let page = 1; items.length < limit; page++) {
      const next = await this.#page({ ...request, schema, page });
      items.push(...next.items);
      if (!next.hasMore) {
        break;
      }
    }
    return items.slice(0, limit);
  }

  /** One page. How long it is says nothing: an administrator may have Gitea give less than is asked for. */
  async #page<T>({
    schema,
    page,
    ...request
  }: UpstreamRequest & { schema: z.ZodType<T[]>; page: number }) {
    let hasMore = false;
    const items = await this.#http.json(
      {
        ...request,
        query: { ...request.query, page, limit: this.#pageSize },
        onHeaders: ({ link }) => {
          hasMore = /rel="next"/.test(link ?? '');
        },
      },
      schema,
    );
    return { items, hasMore };
  }
}
