import path from 'node:path';
import {
  resolveSafeChildPath,
  type LoggerService,
} from '@backstage/backend-plugin-api';
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
import type { SiteFiles } from '@waystone/docs-renderer';
import { PublishedSite } from './PublishedSite';

export interface IncrementalPublisherOptions {
  /** The stock publisher of files on this machine, which answers readers. */
  readonly inner: PublisherBase;
  /** Folder that pages are published to. */
  readonly folder: string;
  /** Whether folders keep capital letters: `techdocs.legacyUseCaseSensitiveTripletPaths`. */
  readonly keepCase: boolean;
  readonly logger: LoggerService;
}

/** Builds that end before they publish leave theirs behind. */
const MAX_EXPECTED = 100;

/**
 * The publisher of files on this machine. It writes what a build has changed and removes what it no longer has; the
 * stock one copies the whole site and keeps pages that were deleted, which readers and search still find.
 */
export class IncrementalPublisher implements PublisherBase {
  readonly #options: IncrementalPublisherOptions;
  /** Sites whose folder this process has looked through. */
  readonly #checked = new Set<string>();
  readonly #partial = new Map<string, SiteFiles>();

  constructor(options: IncrementalPublisherOptions) {
    this.#options = options;
  }

  /** What is published of an entity's docs: a build may leave it out. */
  async publishedFiles(entity: CompoundEntityRef): Promise<SiteFiles> {
    const folder = this.#folderOf(entity);
    const site = new PublishedSite(folder);
    return this.#checked.has(folder) ? site.knownFiles() : site.files();
  }

  /** Says of a folder that is about to be published which files the site has: it need not have all of them. */
  expect(directory: string, files: SiteFiles): void {
    this.#partial.set(path.resolve(directory), files);
    for (const oldest of this.#partial.keys()) {
      if (this.#partial.size <= MAX_EXPECTED) break;
      this.#partial.delete(oldest);
    }
  }

  async publish(request: PublishRequest): Promise<PublishResponse> {
    const { entity } = request;
    const directory = path.resolve(request.directory);
    const files = this.#partial.get(directory);
    this.#partial.delete(directory);
    const folder = this.#folderOf({
      namespace: entity.metadata.namespace ?? DEFAULT_NAMESPACE,
      kind: entity.kind,
      name: entity.metadata.name,
    });
    const changes = await new PublishedSite(folder).publish(
      directory,
      files,
      !this.#checked.has(folder),
    );
    this.#checked.add(folder);
    this.#options.logger.info(
      `Published ${changes.written.length} files and removed ${changes.removed.length}`,
    );
    const inside = path
      .relative(this.#options.folder, folder)
      .split(path.sep)
      .join('/');
    return {
      objects: [...changes.written, ...changes.removed].map(
        file => `${inside}/${file}`,
      ),
    };
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

  #folderOf({ namespace, kind, name }: CompoundEntityRef): string {
    const { folder, keepCase } = this.#options;
    return [namespace, kind, name].reduce(
      (base, part) =>
        resolveSafeChildPath(base, keepCase ? part : part.toLowerCase()),
      folder,
    );
  }
}
