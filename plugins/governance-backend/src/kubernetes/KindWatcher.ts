import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type {
  KubernetesClient,
  KubernetesObject,
  WatchedCache,
} from '@waystone/integrations';
import type { Freshness } from '@waystone/plugin-governance-common';

/** A change of an object of a watched kind. */
export interface KindChange<T> {
  readonly cluster: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** Undefined if it is gone. */
  readonly object?: T;
}

/** Kinds that are followed wherever they are served. */
export interface WatchedKinds<T> {
  /** Who they belong to, such as `gatekeeper`: named in the freshness. */
  readonly system: string;
  readonly apiVersion: string;
  /** Left out: every kind of the group. */
  readonly kinds?: readonly string[];
  readonly metadataOnly?: boolean;
  readonly transform: (object: KubernetesObject) => T | undefined;
  readonly onChange: (change: KindChange<T>) => void;
}

interface Entry {
  readonly system: string;
  readonly cluster: string;
  readonly cache: WatchedCache<unknown>;
  readonly close: () => Promise<void>;
}

/** How long after a cluster did not answer it is asked again, doubled each time. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Follows kinds in every cluster that serves them. A cluster without Gatekeeper is not a failure, it has no Gatekeeper.
 *
 * @remarks
 * Kinds come and go with their definitions, so that clusters are asked again now and then, see
 * {@link KindWatcher.refresh}.
 */
export class KindWatcher {
  readonly #clients: readonly KubernetesClient[];
  readonly #watched: readonly WatchedKinds<unknown>[];
  readonly #logger: LoggerService;
  readonly #onState: () => void;
  readonly #entries = new Map<string, Entry>();
  /** Why a cluster could not be asked which kinds it serves. */
  readonly #unknown = new Map<string, string>();
  #timer?: ReturnType<typeof setTimeout>;
  #wait = FIRST_WAIT_MS;
  #running?: Promise<void>;
  #stopped = false;

  constructor(options: {
    readonly clients: readonly KubernetesClient[];
    readonly watched: readonly WatchedKinds<any>[];
    readonly logger: LoggerService;
    /** Told when how current something is has changed. */
    readonly onState: () => void;
  }) {
    this.#clients = options.clients;
    this.#watched = options.watched;
    this.#logger = options.logger;
    this.#onState = options.onState;
  }

  /** Asks the clusters what they serve, and opens and closes watches. */
  async refresh(): Promise<void> {
    this.#running ??= this.#refresh().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /** The same in a moment, once for many calls. */
  refreshSoon(delayMs = FIRST_WAIT_MS): void {
    if (!this.#stopped) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.refresh().catch(error =>
          this.#logger.error('Kinds could not be read', toError(error)),
        );
      }, delayMs).unref();
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
    await Promise.all([...this.#entries.values()].map(({ close }) => close()));
    this.#entries.clear();
  }

  /** Whether all that is served was read at least once, and nothing is out of date. */
  get isCurrent(): boolean {
    return (
      this.#unknown.size === 0 &&
      this.#entries.size > 0 &&
      [...this.#entries.values()].every(({ cache }) => !cache.freshness.stale)
    );
  }

  /** One entry for each system and cluster that has it; the worst of its kinds. */
  freshness(systems: readonly string[]): Freshness[] {
    const found = new Map<string, Freshness>();
    for (const { cache, cluster, system } of this.#entries.values()) {
      if (systems.includes(system)) {
        const source = `${system}/${cluster}`;
        const { observedAt, reason, stale } = cache.freshness;
        const known = found.get(source);
        if (!known || (stale && !known.stale)) {
          found.set(source, {
            source,
            stale,
            ...(observedAt && { observedAt }),
            ...(reason && { reason }),
          });
        }
      }
    }
    for (const [cluster, reason] of this.#unknown) {
      const source = `kubernetes/${cluster}`;
      if (![...found.keys()].some(key => key.endsWith(`/${cluster}`))) {
        found.set(source, { source, stale: true, reason });
      }
    }
    return [...found.values()].sort((a, b) => (a.source < b.source ? -1 : 1));
  }

  async #refresh() {
    await Promise.all(
      this.#clients.map(async client => {
        const { cluster } = client;
        try {
          await this.#refreshCluster(client);
          this.#unknown.delete(cluster);
        } catch (error) {
          this.#unknown.set(cluster, toError(error).message);
        }
      }),
    );
    this.#onState();
    if (this.#unknown.size > 0) {
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
      this.refreshSoon(this.#wait);
    } else {
      this.#wait = FIRST_WAIT_MS;
    }
  }

  async #refreshCluster(client: KubernetesClient) {
    const served = new Set<string>();
    for (const watched of this.#watched) {
      const kinds = await client.listKinds(watched.apiVersion);
      for (const { kind, verbs } of kinds) {
        if (
          verbs.includes('watch') &&
          (!watched.kinds || watched.kinds.includes(kind))
        ) {
          const key = `${client.cluster} ${watched.apiVersion} ${kind}`;
          served.add(key);
          if (!this.#entries.has(key) && !this.#stopped) {
            this.#entries.set(key, this.#open(client, watched, kind));
          }
        }
      }
    }
    for (const [key, entry] of this.#entries) {
      if (entry.cluster === client.cluster && !served.has(key)) {
        this.#entries.delete(key);
        await entry.close();
      }
    }
  }

  #open(
    client: KubernetesClient,
    watched: WatchedKinds<unknown>,
    kind: string,
  ): Entry {
    const { apiVersion, metadataOnly, onChange, system, transform } = watched;
    const { cluster } = client;
    const cache = client.cache<unknown>({
      kind: { apiVersion, kind },
      metadataOnly,
      transform,
    });
    const known = new Map<string, KindChange<unknown>>();
    const end = cache.subscribe(
      ({ name, namespace, object, type }) => {
        const key = `${namespace ?? ''}/${name}`;
        const address = { cluster, kind, namespace, name };
        if (type === 'deleted') {
          known.delete(key);
          onChange(address);
        } else {
          known.set(key, address);
          onChange({ ...address, object });
        }
      },
      { initial: true },
    );
    const endState = cache.subscribeState(() => this.#onState());
    return {
      system,
      cluster,
      cache,
      close: async () => {
        end();
        endState();
        known.forEach(address => onChange(address));
        await cache.release();
      },
    };
  }
}
