import fs from 'node:fs/promises';
import path from 'node:path';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import {
  DEFAULT_NAMESPACE,
  type CompoundEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import type {
  PublisherBase,
  PublishRequest,
  PublishResponse,
} from '@backstage/plugin-techdocs-node';

export interface CleaningPublisherOptions {
  /** The stock publisher of files on this machine. */
  readonly inner: PublisherBase;
  /** Folder that it publishes to. */
  readonly folder: string;
  /** Whether folders keep capital letters: `techdocs.legacyUseCaseSensitiveTripletPaths`. */
  readonly keepCase: boolean;
}

/**
 * The publisher of files on this machine, which also removes what a build no longer has: the stock one keeps pages that
 * were deleted, and readers and search still find them.
 */
export class CleaningPublisher implements PublisherBase {
  readonly #options: CleaningPublisherOptions;

  constructor(options: CleaningPublisherOptions) {
    this.#options = options;
  }

  async publish(request: PublishRequest): Promise<PublishResponse> {
    const published = await this.#options.inner.publish(request);
    await removeOthers(
      this.#folderOf(request.entity),
      await namesBelow(request.directory),
    );
    return published;
  }

  getReadiness() {
    return this.#options.inner.getReadiness();
  }

  fetchTechDocsMetadata(entity: CompoundEntityRef) {
    return this.#options.inner.fetchTechDocsMetadata(entity);
  }

  docsRouter() {
    return this.#options.inner.docsRouter();
  }

  hasDocsBeenGenerated(entity: Entity) {
    return this.#options.inner.hasDocsBeenGenerated(entity);
  }

  #folderOf(entity: Entity): string {
    const { folder, keepCase } = this.#options;
    return [
      entity.metadata.namespace ?? DEFAULT_NAMESPACE,
      entity.kind,
      entity.metadata.name,
    ].reduce(
      (base, part) =>
        resolveSafeChildPath(base, keepCase ? part : part.toLowerCase()),
      folder,
    );
  }
}

async function namesBelow(folder: string): Promise<ReadonlySet<string>> {
  return new Set(await fs.readdir(folder, { recursive: true }));
}

/** Removes what has none of the names. Links are removed, never followed. */
async function removeOthers(
  folder: string,
  names: ReadonlySet<string>,
  inside = '',
): Promise<void> {
  const entries = await fs.readdir(path.join(folder, inside), {
    withFileTypes: true,
  });
  for (const entry of entries) {
    const name = path.join(inside, entry.name);
    if (!names.has(name)) {
      await fs.rm(path.join(folder, name), { recursive: true, force: true });
    } else if (entry.isDirectory()) {
      await removeOthers(folder, names, name);
    }
  }
}
