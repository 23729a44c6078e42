import { StaleWhileRevalidateCache } from '@waystone/integrations';
import type {
  Commit,
  HistoryEntry,
  HistoryQuery,
  HistoryResponse,
} from '@waystone/plugin-delivery-common';
import type { DeliverySource } from '@waystone/plugin-delivery-node';
import type { DeploymentStore, StoredEntry } from './DeploymentStore';

/** A commit never changes. */
const FOREVER_MS = 365 * 24 * 3600 * 1000;

const MOST_COMMITS = 10_000;

/** How long a reader waits for commits that are not known yet; the next one finds them. */
const PATIENCE_MS = 1_500;

/** How long the source has to name a commit. */
const TIMEOUT_MS = 10_000;

/** What is held of a commit that the source does not know. */
type Known = Commit | 'unknown';

/** Reads the history, with the commit of each deployment. */
export class HistoryReader {
  readonly #sources: readonly DeliverySource[];
  readonly #store: DeploymentStore;
  readonly #commits = new StaleWhileRevalidateCache<Known>({
    name: 'commits',
    source: 'delivery',
    maxEntries: MOST_COMMITS,
    freshMs: FOREVER_MS,
  });

  static create(options: {
    readonly sources: readonly DeliverySource[];
    readonly store: DeploymentStore;
  }): HistoryReader {
    return new HistoryReader(options.sources, options.store);
  }

  private constructor(
    sources: readonly DeliverySource[],
    store: DeploymentStore,
  ) {
    this.#sources = sources;
    this.#store = store;
  }

  /** The deployments of a service, newest first. A commit that cannot be read in time is left out. */
  async read(
    entityRef: string,
    query: HistoryQuery,
    signal: AbortSignal,
  ): Promise<HistoryResponse> {
    const page = await this.#store.list(entityRef, query);
    const patience = AbortSignal.any([
      signal,
      AbortSignal.timeout(PATIENCE_MS),
    ]);
    const items = await Promise.all(
      page.items.map(
        async ({ source, deployment, ...entry }): Promise<HistoryEntry> => ({
          ...entry,
          commit: await this.#commit(
            { source, deployment, ...entry },
            patience,
          ),
        }),
      ),
    );
    return { ...page, items };
  }

  async #commit(
    { deployment, revision, source: name }: StoredEntry,
    signal: AbortSignal,
  ): Promise<Commit | undefined> {
    const source = this.#sources.find(each => each.name === name);
    if (!revision || !source?.commit) {
      return undefined;
    }
    try {
      const { value } = await this.#commits.get(
        { resource: `${name}/${deployment}@${revision}` },
        async () => ({
          value:
            (await source.commit!(deployment, revision, {
              signal: AbortSignal.timeout(TIMEOUT_MS),
            })) ?? 'unknown',
        }),
        { signal },
      );
      return value === 'unknown' ? undefined : value;
    } catch {
      // The history is worth reading without it.
      return undefined;
    }
  }
}
