import { setTimeout as sleep } from 'node:timers/promises';
import { StaleWhileRevalidateCache } from '@waystone/integrations';
import type {
  Commit,
  HistoryEntry,
  HistoryQuery,
  HistoryResponse,
} from '@waystone/plugin-delivery-common';
import type { DeliverySource } from '@waystone/plugin-delivery-node';
import type { DeploymentStore, StoredEntry } from './DeploymentStore';
import type { ImageFiller } from './ImageFiller';

/** A commit never changes. */
const FOREVER_MS = 365 * 24 * 3600 * 1000;

const MOST_COMMITS = 10_000;

/** How long a reader waits for commits that are not known yet; the next one finds them. */
const PATIENCE_MS = 1_500;

/** How long a reader waits for images that are not known yet. */
const FILL_MS = 1_000;

/** How long the source has to name a commit. */
const TIMEOUT_MS = 10_000;

/** What is held of a commit that the source does not know. */
type Known = Commit | 'unknown';

/** Reads the history, with the commit of each deployment. */
export class HistoryReader {
  readonly #filler: ImageFiller;
  readonly #sources: readonly DeliverySource[];
  readonly #store: DeploymentStore;
  readonly #commits = new StaleWhileRevalidateCache<Known>({
    name: 'commits',
    source: 'delivery',
    maxEntries: MOST_COMMITS,
    freshMs: FOREVER_MS,
  });

  static create(options: {
    readonly filler: ImageFiller;
    readonly sources: readonly DeliverySource[];
    readonly store: DeploymentStore;
  }): HistoryReader {
    return new HistoryReader(options);
  }

  private constructor(options: Parameters<typeof HistoryReader.create>[0]) {
    this.#filler = options.filler;
    this.#sources = options.sources;
    this.#store = options.store;
  }

  /** The deployments of a service, newest first. A commit that cannot be read in time is left out. */
  async read(
    entityRef: string,
    query: HistoryQuery,
    signal: AbortSignal,
  ): Promise<HistoryResponse> {
    const filled = this.#filler.fill(entityRef).catch(() => {});
    await Promise.race([filled, sleep(FILL_MS, undefined, { ref: false })]);
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

  /** The commits of what runs, by revision; one that cannot be read in time is left out. */
  async commitsOf(
    deployments: readonly {
      readonly source: string;
      readonly deployment: string;
      readonly revision?: string;
    }[],
    signal: AbortSignal,
  ): Promise<Record<string, Commit>> {
    const patience = AbortSignal.any([
      signal,
      AbortSignal.timeout(PATIENCE_MS),
    ]);
    const commits = await Promise.all(
      deployments.map(
        async each =>
          [each.revision ?? '', await this.#commit(each, patience)] as const,
      ),
    );
    return Object.fromEntries(
      commits.flatMap(([revision, commit]) =>
        commit ? [[revision, commit]] : [],
      ),
    );
  }

  async #commit(
    {
      deployment,
      revision,
      source: name,
    }: Pick<StoredEntry, 'deployment' | 'revision' | 'source'>,
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
