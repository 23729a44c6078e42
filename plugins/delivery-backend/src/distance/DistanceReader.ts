import { StaleWhileRevalidateCache } from '@waystone/integrations';
import type { Comparison, ForgeService } from '@waystone/integrations';
import type {
  Deployment,
  DistanceResponse,
  HistoryEntry,
} from '@waystone/plugin-delivery-common';
import type { ImageFiller } from '../history/ImageFiller';
import type { DeploymentStore } from '../history/DeploymentStore';

/** How many commits are listed. */
const MOST_COMMITS = 50;

/** How far back the history is searched. */
const MOST_ENTRIES = 100;

/** What lies between two commits never changes. */
const FOREVER_MS = 365 * 24 * 3600 * 1000;

const TIMEOUT_MS = 8_000;

/** The commits by which one environment is ahead of another. */
export class DistanceReader {
  readonly #filler: ImageFiller;
  readonly #forges: ForgeService;
  readonly #store: DeploymentStore;
  readonly #comparisons = new StaleWhileRevalidateCache<Comparison>({
    name: 'comparisons',
    source: 'delivery',
    freshMs: FOREVER_MS,
  });

  static create(options: {
    readonly filler: ImageFiller;
    readonly forges: ForgeService;
    readonly store: DeploymentStore;
  }): DistanceReader {
    return new DistanceReader(options);
  }

  private constructor(options: Parameters<typeof DistanceReader.create>[0]) {
    this.#filler = options.filler;
    this.#forges = options.forges;
    this.#store = options.store;
  }

  /**
   * The commits that `from` has and `to` has not.
   *
   * @remarks
   * Manifests of all environments may be in one repository: then both are at the same commit, whatever their versions.
   * So the commits are those between the one that brought the version of `to` to `from`, and the one that brought the
   * present one.
   *
   * @param repository - where the revisions are
   */
  async read(
    entityRef: string,
    options: {
      readonly from: Deployment;
      readonly to: Deployment;
      readonly repository: string | undefined;
    },
    signal: AbortSignal,
  ): Promise<DistanceResponse> {
    const { from, repository: url, to } = options;
    if (from.version !== undefined && from.version === to.version) {
      return { items: [], totalItems: 0 };
    }
    const forge = this.#forges.forges.find(
      each => url && each.parseUrl(url) !== undefined,
    );
    const repository = url && forge?.parseUrl(url);
    if (!forge || !repository) {
      return unknown('The Git server of its manifests is not connected.');
    }
    await this.#filler.fill(entityRef);
    const { items } = await this.#store.list(entityRef, {
      environment: from.environment,
      outcome: 'succeeded',
      limit: MOST_ENTRIES,
    });
    const head = firstWith(items, from.version) ?? from.revision;
    const base = firstWith(items, to.version) ?? to.revision;
    if (!head || !base) {
      return unknown('The commit of one of them is not known.');
    }
    const { value } = await this.#comparisons.get(
      { resource: `${url} ${base}...${head}` },
      async () => ({
        value: await forge.compare(repository, base, head, {
          signal: AbortSignal.timeout(TIMEOUT_MS),
        }),
      }),
      { signal },
    );
    return {
      items: value.commits
        .slice(0, MOST_COMMITS)
        .map(({ author, authoredAt, message, sha, url: page }) => ({
          revision: sha,
          author: author.name,
          message: message.split('\n', 1)[0].slice(0, 200),
          at: toTime(authoredAt),
          url: page,
        })),
      totalItems: value.totalCommits,
    };
  }
}

/** The commit that brought a version: of those in a row that have it, the oldest. */
function firstWith(
  entries: readonly HistoryEntry[],
  version: string | undefined,
): string | undefined {
  const newest = entries.findIndex(
    entry => version !== undefined && entry.version === version,
  );
  if (newest < 0) {
    return undefined;
  }
  let oldest = newest;
  while (entries[oldest + 1]?.version === version) {
    oldest += 1;
  }
  return entries[oldest].revision;
}

function unknown(reason: string): DistanceResponse {
  return { items: [], reason };
}

function toTime(value: string): string | undefined {
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
