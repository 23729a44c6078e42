import { parseEntityRef } from '@backstage/catalog-model';
import type { DeliverySource } from '@waystone/plugin-delivery-node';
import { readVersion } from '../model/readVersion';
import type { DeploymentStore } from './DeploymentStore';

/** How many deployments of a service are completed at once: the newest matter. */
const MOST = 20;

/** How long the source has for each. */
const TIMEOUT_MS = 10_000;

/**
 * Finds out which images past deployments had: a source remembers the commit only, and what it renders of that does
 * not change.
 */
export class ImageFiller {
  readonly #sources: readonly DeliverySource[];
  readonly #store: DeploymentStore;
  readonly #running = new Map<string, Promise<void>>();
  /** What a source could not say is not asked again until the next start. */
  readonly #given = new Set<string>();

  static create(options: {
    readonly sources: readonly DeliverySource[];
    readonly store: DeploymentStore;
  }): ImageFiller {
    return new ImageFiller(options.sources, options.store);
  }

  private constructor(
    sources: readonly DeliverySource[],
    store: DeploymentStore,
  ) {
    this.#sources = sources;
    this.#store = store;
  }

  /** Completes the newest deployments of a service; for all who ask at the same time, once. */
  fill(entityRef: string): Promise<void> {
    let running = this.#running.get(entityRef);
    if (!running) {
      running = this.#fill(entityRef).finally(() =>
        this.#running.delete(entityRef),
      );
      this.#running.set(entityRef, running);
    }
    return running;
  }

  async #fill(entityRef: string): Promise<void> {
    const rows = await this.#store.listWithoutImages(entityRef, MOST);
    // One after the other: rendering is the most expensive thing that one can ask of Argo CD.
    for (const { deployment, id, revision, source: name } of rows) {
      const source = this.#sources.find(each => each.name === name);
      const key = `${name}/${deployment}@${revision}`;
      if (source?.images && !this.#given.has(key)) {
        try {
          const images = await source.images(deployment, revision, {
            signal: AbortSignal.timeout(TIMEOUT_MS),
          });
          await this.#store.setImages(
            id,
            images,
            readVersion(images, [parseEntityRef(entityRef).name]),
          );
        } catch {
          // The history is worth reading without it.
          this.#given.add(key);
        }
      }
    }
  }
}
