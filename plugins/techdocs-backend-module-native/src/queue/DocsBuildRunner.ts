import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import type {
  CacheService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import {
  DEFAULT_NAMESPACE,
  stringifyEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import type { Config } from '@backstage/config';
import { toError } from '@backstage/errors';
import type { ScmIntegrationRegistry } from '@backstage/integration';
import {
  getLocationForEntity,
  parseReferenceAnnotation,
  type GeneratorBase,
  type GeneratorRunOptions,
  type PreparerBase,
  type PublisherBase,
} from '@backstage/plugin-techdocs-node';

/** What readers watch while they wait is of no interest when nobody does. */
const SILENT: LoggerService = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => SILENT,
};

export interface DocsBuildRunnerOptions {
  readonly preparers: {
    readonly dir: PreparerBase;
    readonly url: PreparerBase;
  };
  readonly generator: GeneratorBase;
  readonly publisher: PublisherBase;
  /** The cache of the TechDocs plugin, which pages may be served from. */
  readonly cache: CacheService;
  readonly config: Config;
  readonly scmIntegrations: ScmIntegrationRegistry;
  readonly logger: LoggerService;
}

/**
 * Builds an entity's docs when its source has changed, as TechDocs does for a reader who waits. TechDocs itself looks at
 * a source once a minute at most, and only for readers.
 */
export class DocsBuildRunner {
  readonly #options: DocsBuildRunnerOptions;

  constructor(options: DocsBuildRunnerOptions) {
    this.#options = options;
  }

  /** @returns Whether there was something to build. */
  async build(entity: Entity): Promise<boolean> {
    const { config, generator, publisher, scmIntegrations } = this.#options;
    const location = getLocationForEntity(entity, scmIntegrations);
    // `dir:` may lead to a repository, which is for its own preparer to find
    const { type } = parseReferenceAnnotation(
      'backstage.io/techdocs-ref',
      entity,
    );
    const preparer =
      type === 'dir'
        ? this.#options.preparers.dir
        : this.#options.preparers.url;
    let prepared: { preparedDir: string; etag: string };
    try {
      prepared = await preparer.prepare(entity, {
        etag: await this.#publishedTag(entity),
        logger: SILENT,
      });
    } catch (error) {
      if (toError(error).name === 'NotModifiedError') return false;
      throw error;
    }
    const outputDir = await fs.mkdtemp(
      path.join(
        await fs.realpath(
          config.getOptionalString('backend.workingDirectory') ?? os.tmpdir(),
        ),
        'techdocs-tmp-',
      ),
    );
    try {
      await generator.run({
        inputDir: prepared.preparedDir,
        outputDir,
        parsedLocationAnnotation: location,
        etag: prepared.etag,
        // Typed as winston's, of which generators call these only
        logger: SILENT as GeneratorRunOptions['logger'],
        logStream: new PassThrough().resume(),
        siteOptions: { name: entity.metadata.title ?? entity.metadata.name },
      });
      const published = await publisher.publish({
        entity,
        directory: outputDir,
      });
      await this.#forget(published?.objects ?? []);
    } finally {
      await fs.rm(outputDir, { recursive: true, force: true });
      // The stock preparer leaves the archives that `dir:` was read from
      if (location.type === 'url' || preparer.shouldCleanPreparedDirectory()) {
        await fs.rm(prepared.preparedDir, { recursive: true, force: true });
      }
    }
    this.#options.logger.info(
      `Built the docs of ${stringifyEntityRef(entity)}, which had changed`,
    );
    return true;
  }

  /** The source that the published pages were made of. */
  async #publishedTag(entity: Entity): Promise<string | undefined> {
    const { publisher } = this.#options;
    if (!(await publisher.hasDocsBeenGenerated(entity))) return undefined;
    try {
      const metadata = await publisher.fetchTechDocsMetadata({
        namespace: entity.metadata.namespace ?? DEFAULT_NAMESPACE,
        kind: entity.kind,
        name: entity.metadata.name,
      });
      return metadata.etag;
    } catch {
      // Half a site: built again
      return undefined;
    }
  }

  /** Pages that are served from the cache are read anew. */
  async #forget(objects: readonly string[]): Promise<void> {
    if (!this.#options.config.has('techdocs.cache.ttl')) return;
    await Promise.allSettled(
      objects.map(object => this.#options.cache.delete(object)),
    );
  }
}
