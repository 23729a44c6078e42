import { ConflictError } from '@backstage/errors';
import type { Upstream, UpstreamRegistry } from './UpstreamRegistry';

/** @internal */
export class DefaultUpstreamRegistry implements UpstreamRegistry {
  readonly #upstreams = new Map<string, Upstream>();

  register(upstream: Upstream): () => void {
    const key = `${upstream.system}/${upstream.instance}`;
    if (this.#upstreams.has(key)) {
      throw new ConflictError(
        `There is a client of '${key}' already; use the one of the service`,
      );
    }
    this.#upstreams.set(key, upstream);
    return () => {
      if (this.#upstreams.get(key) === upstream) {
        this.#upstreams.delete(key);
      }
    };
  }

  list(): readonly Upstream[] {
    return [...this.#upstreams.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, upstream]) => upstream);
  }
}
