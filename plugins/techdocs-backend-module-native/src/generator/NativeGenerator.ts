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
  type BuildReport,
  type DocsProblem,
  type FileChange,
  type RenderPool,
  type SiteHistory,
  type SiteLimits,
} from '@waystone/docs-renderer';
import type { BuildStore } from '../builds/BuildStore';
import type { ForgeHistory } from '../builds/ForgeHistory';
import type { PreparedSources } from '../builds/PreparedSources';
import type { IncrementalPublisher } from '../publisher/IncrementalPublisher';
import { SiteHistories } from '../builds/SiteHistories';

export interface NativeGeneratorOptions {
  readonly pool: RenderPool;
  /** Of files on this machine; undefined where pages are published elsewhere. */
  readonly publisher?: IncrementalPublisher;
  readonly builds: BuildStore;
  readonly sources: PreparedSources;
  /** Asked who changed docs that came without their history. */
  readonly forgeHistory: ForgeHistory;
  readonly limits: Partial<SiteLimits>;
  readonly scmIntegrations: ScmIntegrationRegistry;
  readonly logger: LoggerService;
}

interface BuildChange {
  readonly changedAt?: Date;
  readonly changedBy?: string;
}

/** Problems that a build log shows. */
const LOGGED_PROBLEMS = 50;

/** Makes the pages in the portal's own threads. */
export class NativeGenerator implements GeneratorBase {
  readonly #options: NativeGeneratorOptions;
  readonly #histories = new SiteHistories();

  constructor(options: NativeGeneratorOptions) {
    this.#options = options;
  }

  async run(options: GeneratorRunOptions): Promise<void> {
    const { pool, publisher, builds, sources, limits } = this.#options;
    const { inputDir, outputDir, etag, logger, siteOptions } = options;
    const prepared = sources.take(path.resolve(inputDir));
    try {
      // A folder of several entities is published to several places
      const published =
        prepared.length === 1
          ? await publisher?.publishedFiles(prepared[0].entity)
          : undefined;
      const [report, history] = await Promise.all([
        pool.build({
          root: inputDir,
          outputDir,
          // TechDocs publishes the folder and removes it
          linkFiles: true,
          published,
          etag,
          limits,
          siteName: siteOptions?.name,
          editUrl: this.#editUrl(options),
        }),
        prepared.some(({ local }) => local)
          ? this.#histories.read(inputDir)
          : new Map<string, FileChange>(),
      ]);
      const told = await this.#toldByForge(options, report);
      if (report.outputs) publisher?.expect(outputDir, report.outputs);
      logger.info(
        `Rendered ${report.pages} pages of "${report.siteName}" in ${report.milliseconds} ms`,
      );
      for (const problem of report.problems.slice(0, LOGGED_PROBLEMS)) {
        logger.warn(describe(problem));
      }
      await this.#record(prepared, entity =>
        builds.built(entity.entityRef, {
          etag,
          ...(told ?? lastChange(report, history, entity.changedAt)),
          repositoryUrl: report.repositoryUrl ?? this.#repositoryUrl(options),
          pageInfo: Object.fromEntries(
            report.pageInfo.map(({ page, title, source }) => [
              page,
              { title, source, ...history.get(source) },
            ]),
          ),
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

  /** When any page last changed, for a source that was read from a forge. */
  async #toldByForge(
    { parsedLocationAnnotation }: GeneratorRunOptions,
    report: BuildReport,
  ): Promise<BuildChange | undefined> {
    if (parsedLocationAnnotation?.type !== 'url') return undefined;
    const change = await this.#options.forgeHistory.lastChange(
      parsedLocationAnnotation.target,
      commonFolder(report.pageInfo.map(({ source }) => source)),
    );
    return change && toBuildChange(change);
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

  /** The repository of a source that was read from a forge. */
  #repositoryUrl({
    parsedLocationAnnotation,
  }: GeneratorRunOptions): string | undefined {
    if (parsedLocationAnnotation?.type !== 'url') return undefined;
    const { target } = parsedLocationAnnotation;
    const type = this.#options.scmIntegrations.byUrl(target)?.type;
    if (!type || !/^(?:github|gitea|gitlab)$/.test(type)) return undefined;
    const { origin, pathname } = new URL(target);
    const [repository] = pathname.split(/\/(?:-|tree|src|blob|raw)\//);
    return `${origin}${repository.replace(/\/+$/, '')}`;
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

/** When the pages last changed and by whom: what Git says of them, else what the files say. */
function lastChange(
  report: BuildReport,
  history: SiteHistory,
  fallback: Date | undefined,
): BuildChange {
  let newest: FileChange | undefined;
  for (const { source } of report.pageInfo) {
    const change = history.get(source);
    if (change && (!newest || change.updatedAt > newest.updatedAt)) {
      newest = change;
    }
  }
  return newest ? toBuildChange(newest) : { changedAt: fallback };
}

function toBuildChange(change: FileChange): BuildChange {
  return {
    changedAt: new Date(change.updatedAt),
    changedBy: change.updatedBy,
  };
}

/** The folder that all files are in; empty when that is the root. */
function commonFolder(files: readonly string[]): string {
  const [first = [], ...others] = files.map(file =>
    file.split('/').slice(0, -1),
  );
  const differs = first.findIndex((name, depth) =>
    others.some(other => other[depth] !== name),
  );
  return first.slice(0, differs < 0 ? undefined : differs).join('/');
}

function describe(problem: DocsProblem): string {
  const place = [problem.file, problem.line, problem.column]
    .filter(part => part !== undefined)
    .join(':');
  return `${place} ${problem.message} ${problem.fix}`;
}
