import type { Freshness } from './Freshness';
import type { UpstreamHealth } from './UpstreamHealth';

/**
 * One instance of an upstream system, as the platform's health page sees it.
 *
 * @public
 */
export interface Upstream {
  /** Such as `argocd`. */
  readonly system: string;
  /** The name in the configuration, such as `main`. */
  readonly instance: string;
  /** For people: where it is. */
  readonly url: string;
  /**
   * Asks it whether it is there and takes the portal's credentials, with one cheap call. A refusal of the
   * credentials is a result; anything else that goes wrong is an {@link UpstreamError}.
   */
  probe(signal?: AbortSignal): Promise<UpstreamProbe>;
  /** What is known from the calls made so far. Asks nothing. */
  health(): UpstreamHealth;
  /** What is held of it in memory. */
  caches(): readonly UpstreamCache[];
}

/** @public */
export interface UpstreamProbe {
  /** Undefined if it does not say. */
  readonly version?: string;
  readonly authenticated: boolean;
}

/**
 * Data of an instance that is held in memory.
 *
 * @public
 */
export interface UpstreamCache {
  /** Such as `applications`. */
  readonly name: string;
  readonly entries: number;
  readonly freshness: Freshness;
}

/**
 * All instances of upstream systems that this process has clients for.
 *
 * @public
 */
export interface UpstreamRegistry {
  /**
   * @returns A function that removes it again.
   *
   * @throws Error if the same instance is registered already: it then has two pools, two breakers and two caches.
   */
  register(upstream: Upstream): () => void;
  /** Sorted by system and instance. */
  list(): readonly Upstream[];
}
