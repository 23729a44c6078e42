import type { LoggerService } from '@backstage/backend-plugin-api';
import { findInstance } from '../core/findInstance';
import type { ApplicationCache } from './ApplicationCache';
import type { ArgoCdClient } from './Client';
import { DefaultApplicationCache } from './DefaultApplicationCache';

/**
 * All Argo CDs of the configuration.
 *
 * @public
 */
export interface ArgoCdService {
  readonly clients: readonly ArgoCdClient[];
  /** @throws NotFoundError if no instance has the name. */
  get(instance: string): ArgoCdClient;
  /**
   * The held Applications of an instance. The first call connects; all callers share the one connection.
   *
   * @throws NotFoundError if no instance has the name.
   */
  applications(instance: string): ApplicationCache;
}

/** @internal */
export class DefaultArgoCdService implements ArgoCdService {
  readonly clients: readonly ArgoCdClient[];
  readonly #caches = new Map<string, DefaultApplicationCache>();
  readonly #logger?: LoggerService;

  constructor(clients: readonly ArgoCdClient[], logger?: LoggerService) {
    this.clients = clients;
    this.#logger = logger;
  }

  get(instance: string): ArgoCdClient {
    return findInstance(this.clients, instance, {
      system: 'Argo CD',
      key: 'waystone.integrations.argocd.instances',
    });
  }

  applications(instance: string): ApplicationCache {
    let cache = this.#caches.get(instance);
    if (!cache) {
      cache = new DefaultApplicationCache({
        client: this.get(instance),
        logger: this.#logger,
      });
      this.#caches.set(instance, cache);
      cache.start();
    }
    return cache;
  }

  /** What is held of an instance now. Connects nothing. */
  held(instance: string): DefaultApplicationCache | undefined {
    return this.#caches.get(instance);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#caches.values()].map(cache => cache.stop()));
    await Promise.all(this.clients.map(client => client.close()));
  }
}
