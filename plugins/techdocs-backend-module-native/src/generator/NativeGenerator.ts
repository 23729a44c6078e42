import path from 'node:path';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { ScmIntegrationRegistry } from '@backstage/integration';
import type {
  GeneratorBase,
  GeneratorRunOptions,
} from '@backstage/plugin-techdocs-node';
import {
  DocsBuildError,
  type DocsProblem,
  type RenderPool,
  type SiteLimits,
} from '@waystone/docs-renderer';
import type { BuildStore } from '../builds/BuildStore';
import type { PreparedSources } from '../builds/PreparedSources';

export interface NativeGeneratorOptions {
  readonly pool: RenderPool;
  readonly builds: BuildStore;
  readonly sources: PreparedSources;
  readonly limits: Partial<SiteLimits>;
  readonly scmIntegrations: ScmIntegrationRegistry;
  readonly logger: LoggerService;
}

/** Problems that a build log shows. */
const LOGGED_PROBLEMS = 50;

/** Makes the pages in the portal's own threads. */
export class NativeGenerator implements GeneratorBase {
  readonly #options: NativeGeneratorOptions;

  constructor(options: NativeGeneratorOptions) {
    this.#options = options;
  }

  async run(options: GeneratorRunOptions): Promise<void> {
    const { pool, builds, sources, limits } = this.#options;
    const { inputDir, outputDir, etag, logger, siteOptions } = options;
    const prepared = sources.take(path.resolve(inputDir));
    try {
      const report = await pool.build({
        root: inputDir,
        outputDir,
        // TechDocs publishes the folder and removes it
        linkFiles: true,
        etag,
        limits,
        siteName: siteOptions?.name,
        editUrl: this.#editUrl(options),
      });
      logger.info(
        `Rendered ${report.pages} pages of "${report.siteName}" in ${report.milliseconds} ms`,
      );
      for (const problem of report.problems.slice(0, LOGGED_PROBLEMS)) {
        logger.warn(describe(problem));
      }
      await this.#record(prepared, entity =>
        builds.built(entity.entityRef, {
          etag,
          changedAt: entity.changedAt,
          pages: report.pages,
          milliseconds: report.milliseconds,
          problems: report.problems,
        }),
      );
    } catch (error) {
      await this.#record(prepared, entity =>
        builds.failed(entity.entityRef, {
          error: toError(error).message,
          problems: error instanceof DocsBuildError ? error.problems : [],
        }),
      );
      throw error;
    }
  }

  /** What went wrong with the records must not cost the pages. */
  async #record<T>(
    entities: readonly T[],
    write: (entity: T) => Promise<void>,
  ): Promise<void> {
    for (const entity of entities) {
      try {
        await write(entity);
      } catch (error) {
        this.#options.logger.warn(
          'The outcome of a documentation build could not be kept',
          toError(error),
        );
      }
    }
  }

  /** Where the folder is edited, for sources of a known forge. */
  #editUrl({
    parsedLocationAnnotation,
  }: GeneratorRunOptions): string | undefined {
    if (parsedLocationAnnotation?.type !== 'url') return undefined;
    const { target } = parsedLocationAnnotation;
    const integration = this.#options.scmIntegrations.byUrl(target);
    if (!integration) return undefined;
    try {
      return integration.resolveEditUrl(
        integration.resolveUrl({
          url: './',
          base: target.endsWith('/') ? target : `${target}/`,
        }),
      );
    } catch {
      // An address without a branch or a folder cannot be edited
      return undefined;
    }
  }
}

function describe(problem: DocsProblem): string {
  const place = [problem.file, problem.line, problem.column]
    .filter(part => part !== undefined)
    .join(':');
  return `${place} ${problem.message} ${problem.fix}`;
}
