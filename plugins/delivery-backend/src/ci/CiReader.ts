import { NotFoundError } from '@backstage/errors';
import { StaleWhileRevalidateCache } from '@waystone/integrations';
import type {
  CiJob,
  CiRun,
  CiRunsResponse,
} from '@waystone/plugin-delivery-common';
import type { CiProvider } from '@waystone/plugin-delivery-node';

/** How many runs are listed. */
const RUNS = 20;

const TIMEOUT_MS = 8_000;

/** However many look at a page, CI is asked once in this time. */
const FRESH_MS = 10_000;

/** What CI did for a service. */
export class CiReader {
  readonly #providers: readonly CiProvider[];
  readonly #runs = createCache<readonly CiRun[]>('runs');
  readonly #jobs = createCache<readonly CiJob[]>('jobs');

  static create(options: {
    readonly providers: readonly CiProvider[];
  }): CiReader {
    return new CiReader(options.providers);
  }

  private constructor(providers: readonly CiProvider[]) {
    this.#providers = providers;
  }

  /** @param repositories - where the service's source may be, the best guess first */
  async runs(
    repositories: readonly string[],
    signal: AbortSignal,
  ): Promise<CiRunsResponse> {
    const found = this.#find(repositories);
    if (!found) {
      return { items: [] };
    }
    const { provider, repository } = found;
    const { freshness, value } = await this.#runs.get(
      { resource: repository },
      async () => ({
        value: await provider.runs(repository, {
          limit: RUNS,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        }),
      }),
      { signal },
    );
    return {
      items: [...value],
      provider: provider.name,
      freshness: { ...freshness, source: provider.name },
    };
  }

  /** @throws NotFoundError if nobody knows of the repository or the run. */
  async jobs(
    repositories: readonly string[],
    run: string,
    signal: AbortSignal,
  ): Promise<readonly CiJob[]> {
    const found = this.#find(repositories);
    if (!found) {
      throw new NotFoundError('No CI is known for this service');
    }
    const { provider, repository } = found;
    const { value } = await this.#jobs.get(
      { resource: `${repository} ${run}` },
      async () => ({
        value: await provider.jobs(repository, run, {
          signal: AbortSignal.timeout(TIMEOUT_MS),
        }),
      }),
      { signal },
    );
    return value;
  }

  #find(repositories: readonly string[]) {
    for (const repository of repositories) {
      const provider = this.#providers.find(each => each.covers(repository));
      if (provider) {
        return { provider, repository };
      }
    }
    return undefined;
  }
}

function createCache<T extends {}>(name: string) {
  return new StaleWhileRevalidateCache<T>({
    name,
    source: 'delivery',
    freshMs: FRESH_MS,
    staleWhileRevalidateMs: FRESH_MS,
  });
}
