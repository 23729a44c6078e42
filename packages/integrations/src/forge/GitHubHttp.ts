import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  GithubCredentialsProvider,
  GithubIntegrationConfig,
} from '@backstage/integration';
import { LRUCache } from 'lru-cache';
import { createUpstreamHttp } from '../core/createUpstreamHttp';
import type { UpstreamHttp } from '../core/UpstreamHttp';
import type { UpstreamLimits } from '../core/UpstreamHttpOptions';
import { parseGitHubError } from './parseGitHubError';

/** Owners whose connections are kept. */
const MAX_OWNERS = 50;

/** The version of the REST API that is read here. */
const API_VERSION = '2022-11-28';

/** @internal */
export interface GitHubHttpOptions {
  readonly config: GithubIntegrationConfig;
  readonly credentials: GithubCredentialsProvider;
  readonly logger?: LoggerService;
  readonly limits?: UpstreamLimits;
}

/**
 * The HTTP clients of one GitHub: one for all owners with a token, one for each owner with a GitHub App, whose tokens
 * are good for one owner only.
 *
 * @internal
 */
export class GitHubHttp {
  readonly #options: GitHubHttpOptions;
  readonly #main: UpstreamHttp;
  readonly #owners = new LRUCache<string, UpstreamHttp>({
    max: MAX_OWNERS,
    dispose: http => void http.close(),
  });

  constructor(options: GitHubHttpOptions) {
    this.#options = options;
    this.#main = this.#create('');
  }

  /** For what belongs to no owner. */
  get main(): UpstreamHttp {
    return this.#main;
  }

  /** For the repositories of an owner. */
  of(owner: string): UpstreamHttp {
    if (!this.#options.config.apps?.length) {
      return this.#main;
    }
    const key = owner.toLowerCase();
    const known = this.#owners.get(key);
    if (known) {
      return known;
    }
    const http = this.#create(owner);
    this.#owners.set(key, http);
    return http;
  }

  async close(): Promise<void> {
    const all = [this.#main, ...this.#owners.values()];
    await Promise.all(all.map(http => http.close()));
  }

  #create(owner: string): UpstreamHttp {
    const { config, credentials, logger, limits } = this.#options;
    return createUpstreamHttp({
      system: 'github',
      instance: config.host,
      baseUrl: config.apiBaseUrl ?? 'https://api.github.com',
      headers: {
        Accept: 'application/vnd.github+json',
        'X-GitHub-Api-Version': API_VERSION,
      },
      authorization: async () => {
        const { headers } = await credentials.getCredentials({
          url: `https://${config.host}/${encodeURIComponent(owner)}`,
        });
        return headers ?? {};
      },
      secrets: config.token ? [config.token] : [],
      parseError: parseGitHubError,
      limits,
      logger,
    });
  }
}
