import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { DocsBuildError } from '../diagnostics/DocsBuildError';
import type { DocsProblem } from '../diagnostics/DocsProblem';
import type { DiagramDrawer } from '../diagrams/DiagramDrawer';
import {
  drawDiagrams,
  NOTHING_DRAWN,
  type DrawnDiagrams,
} from '../diagrams/drawDiagrams';
import type { PageSummary, RenderContext } from '../page/RenderedPage';
import type {
  PageRenderer,
  PageToWrite,
  WriteContext,
} from '../pool/SiteRenderer';
import { checkLinks } from './checkLinks';
import { collectSite, type CollectedSite } from './collectSite';
import type { DocsFile } from './listFiles';
import { pagesInOrder, type NavNode } from './Navigation';
import { isPage, outputPath, relativeUrl, siteUrl } from './pageUrls';
import type { SiteHistory } from './readSiteHistory';
import { resolveNavigation } from './resolveNavigation';
import { DEFAULT_SITE_LIMITS, type SiteLimits } from './SiteLimits';
import { SiteOutput, type SiteFiles } from './SiteOutput';
import { readStyleSheet, type StyleSheet } from './styleSheet';
import { writeSite } from './writeSite';

export interface BuildSiteOptions {
  /** Folder of mkdocs.yml, or of the docs. Nothing outside of it is read. */
  readonly root: string;
  /** Folder that the site is written to; undefined checks the site without writing it. */
  readonly outputDir?: string;
  readonly renderer: PageRenderer;
  /** Name of the site where mkdocs.yml gives none. */
  readonly siteName?: string;
  /** Where pages are edited, where mkdocs.yml does not say it. */
  readonly editUrl?: string;
  /** Kept in techdocs_metadata.json, by which the portal sees whether the source has changed. */
  readonly etag?: string;
  readonly limits?: Partial<SiteLimits>;
  readonly signal?: AbortSignal;
  /** Name of this build for whoever watches the renderer. Default: a random one */
  readonly job?: string;
  /** Told what is about to be written, or would be without an output folder. */
  readonly onPlanned?: (plan: SitePlan) => void;
  /**
   * Gives images and other files of the docs folder a second name instead of copying them. For an output folder that is
   * published and removed: a file that is later changed in place changes there too. Default: false
   */
  readonly linkFiles?: boolean;
  /**
   * What a build before has published of the site: files that are still the same are not written. For a publisher that
   * takes the others and keeps these.
   */
  readonly published?: SiteFiles;
  /** HTML for the end of every page. */
  readonly footer?: string;
  /** Who changed what, kept in techdocs_metadata.json: for builds whose pages are published elsewhere. */
  readonly history?: SiteHistory;
  /** Draws what the browser does not; undefined shows the source of such diagrams. */
  readonly diagrams?: DiagramDrawer;
}

/** One page of a site, as the portal lists it. */
export interface PageInfo {
  /** Address inside the site; empty for the start page. */
  readonly page: string;
  readonly title: string;
  /** The Markdown file, inside the site's folder. */
  readonly source: string;
}

/** What a build has made and found. */
export interface BuildReport {
  readonly siteName: string;
  readonly pages: number;
  readonly files: number;
  readonly problems: readonly DocsProblem[];
  readonly milliseconds: number;
  readonly pageInfo: readonly PageInfo[];
  /** `repo_url` of mkdocs.yml. */
  readonly repositoryUrl?: string;
  /** All files of the site, for whoever publishes it; undefined when nothing was written. */
  readonly outputs?: SiteFiles;
}

/** Everything that is needed to write a site. */
export interface SitePlan {
  readonly context: Omit<WriteContext, 'outputDir'>;
  readonly pages: readonly PageToWrite[];
  readonly files: readonly DocsFile[];
  readonly styleSheet: StyleSheet;
  /** Drawn diagrams by their paths inside the site, where there is no output folder. */
  readonly pictures: ReadonlyMap<string, string>;
}

const BATCH = 24;

/**
 * Builds a site: what MkDocs with mkdocs-techdocs-core makes of the same folder, at the same addresses.
 *
 * @throws DocsBuildError when there is nothing that could be shown: the configuration cannot be read, there is no page,
 *   or a limit is reached. Everything else is a problem in the report.
 */
export async function buildSite(
  options: BuildSiteOptions,
): Promise<BuildReport> {
  const limits = { ...DEFAULT_SITE_LIMITS, ...options.limits };
  const timeout = AbortSignal.timeout(limits.siteMilliseconds);
  const signal = options.signal
    ? AbortSignal.any([options.signal, timeout])
    : timeout;
  try {
    return await build({ ...options, signal }, limits);
  } catch (error) {
    if (timeout.aborted && !(error instanceof DocsBuildError)) {
      throw DocsBuildError.of({
        severity: 'error',
        code: 'limit-reached',
        message: `The site was not finished after ${
          limits.siteMilliseconds / 1000
        } seconds.`,
        fix: 'Split the site, or leave pages out with exclude_docs.',
        file: 'mkdocs.yml',
      });
    }
    throw error;
  }
}

async function build(
  options: BuildSiteOptions & { readonly signal: AbortSignal },
  limits: SiteLimits,
): Promise<BuildReport> {
  const begin = performance.now();
  const { root, outputDir, renderer, signal } = options;
  const site = await collectSite({
    root,
    defaultName: options.siteName,
    limits,
    signal,
  });
  const { config, files } = site;
  const paths = new Set(files.map(file => file.path));
  const context: RenderContext = {
    root: path.resolve(root),
    docsDir: config.docsDir,
    configDir: '.',
    directoryUrls: config.directoryUrls,
    markdown: config.markdown,
    diagramTypes: options.diagrams?.types ?? [],
    files: paths,
  };
  const job = options.job ?? randomUUID();
  const pageFiles = files.filter(file => isPage(file.path));
  try {
    const pages = await renderPages(job, context, {
      files: pageFiles,
      renderer,
      signal,
    });
    const navigation = await resolveNavigation({
      config,
      nav: site.nav,
      pages,
      readText: name =>
        site.folder.readText(path.posix.join(config.docsDir, name), 100_000),
    });
    const sourceOf = new Map(files.map(file => [file.path, file.source]));
    const fileOf = (page: string) => sourceOf.get(page) ?? page;
    const output =
      outputDir === undefined
        ? undefined
        : new SiteOutput(outputDir, options.published);
    const drawn = options.diagrams
      ? await drawDiagrams(pages, {
          drawer: options.diagrams,
          output,
          signal,
          // The rest of the time is for the pages
          milliseconds: limits.siteMilliseconds / 2,
          fileOf,
        })
      : NOTHING_DRAWN;
    const problems = [
      ...site.problems,
      ...navigation.problems,
      ...[...pages.values()].flatMap(page =>
        page.problems.map(problem => ({ ...problem, file: fileOf(page.path) })),
      ),
      ...drawn.problems,
      ...checkLinks({ pages, files: paths, fileOf }),
    ];
    const styleSheet = await readStyleSheet();
    const plan: SitePlan = {
      context: {
        siteName: config.siteName,
        navigation: navigation.nodes,
        styleSheet: styleSheet.name,
        footer: options.footer,
      },
      pages: planPages(
        { site, pages, nodes: navigation.nodes, drawn },
        options.editUrl,
      ),
      files,
      styleSheet,
      pictures: drawn.pictures,
    };
    const pageInfo = plan.pages.map(({ path: page, title }) => ({
      page: siteUrl(page, config.directoryUrls),
      title,
      source: fileOf(page),
    }));
    options.onPlanned?.(plan);
    let outputs: SiteFiles | undefined;
    if (output) {
      signal.throwIfAborted();
      await writeSite(job, output, { ...options, site, pages, plan, pageInfo });
      outputs = output.files;
    }
    return {
      siteName: config.siteName,
      pages: pages.size,
      files: files.length,
      problems: problems.sort(bySeverity),
      milliseconds: Math.round(performance.now() - begin),
      pageInfo,
      repositoryUrl: config.repositoryUrl,
      outputs,
    };
  } finally {
    await renderer.release(job);
  }
}

const ORDER = { error: 0, warning: 1, info: 2 };

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function bySeverity(a: DocsProblem, b: DocsProblem): number {
  return (
    ORDER[a.severity] - ORDER[b.severity] ||
    compareText(a.file, b.file) ||
    (a.line ?? 0) - (b.line ?? 0)
  );
}

interface RenderPagesOptions {
  readonly files: readonly DocsFile[];
  readonly renderer: PageRenderer;
  readonly signal: AbortSignal;
}

async function renderPages(
  job: string,
  context: RenderContext,
  options: RenderPagesOptions,
): Promise<Map<string, PageSummary>> {
  const { files, renderer, signal } = options;
  const found = new Map<string, PageSummary>();
  const batches: (readonly DocsFile[])[] = [];
  for (let at = 0; at < files.length; at += BATCH) {
    batches.push(files.slice(at, at + BATCH));
  }
  const work = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      signal.throwIfAborted();
      for (const summary of await renderer.render(job, context, batch)) {
        found.set(summary.path, summary);
      }
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return new Map(files.map(file => [file.path, found.get(file.path)!]));
}

interface PlanInput {
  readonly site: CollectedSite;
  readonly pages: ReadonlyMap<string, PageSummary>;
  readonly nodes: readonly NavNode[];
  readonly drawn: DrawnDiagrams;
}

function planPages(
  { site, pages, nodes, drawn }: PlanInput,
  editUrl: string | undefined,
): PageToWrite[] {
  const { config } = site;
  const order = pagesInOrder(nodes);
  const place = new Map<string, number>();
  order.forEach((node, index) => {
    if (!place.has(node.page!)) place.set(node.page!, index);
  });
  const sourceOf = new Map(site.files.map(file => [file.path, file.source]));
  return [...pages.values()].map(page => {
    const url = siteUrl(page.path, config.directoryUrls);
    const index = place.get(page.path);
    const neighbour = (at: number) => {
      const node = index === undefined ? undefined : order[at];
      return (
        node && { title: node.title, href: relativeUrl(node.url ?? '', url) }
      );
    };
    const shown = page.diagrams
      .map(({ key }) => key)
      .filter(key => drawn.keys.has(key));
    const depth = url.split('/').length - 1;
    return {
      path: page.path,
      output: outputPath(page.path, config.directoryUrls),
      title: index === undefined ? page.title : order[index].title,
      prefix: '../'.repeat(depth),
      previous: index === undefined ? undefined : neighbour(index - 1),
      next: index === undefined ? undefined : neighbour(index + 1),
      editUrl: editUrlOf(
        config,
        { page: page.path, source: sourceOf.get(page.path)! },
        editUrl,
      ),
      ...(shown.length > 0 ? { drawn: shown } : {}),
    };
  });
}

/** Where a page is edited: what mkdocs.yml says, else the folder's own address. */
function editUrlOf(
  config: CollectedSite['config'],
  at: { readonly page: string; readonly source: string },
  fallback: string | undefined,
): string | undefined {
  const inDocs = at.source.startsWith(`${config.docsDir}/`)
    ? at.source.slice(config.docsDir.length + 1)
    : undefined;
  const encoded = (inDocs ?? at.page)
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  if (config.editUrlTemplate && inDocs) {
    return config.editUrlTemplate
      .replace(/\{path(?:!q)?\}/g, encoded)
      .replace(/\{path_noext(?:!q)?\}/g, encoded.replace(/\.[^./]+$/, ''));
  }
  if (config.editUrl && inDocs) return `${config.editUrl}${encoded}`;
  if (!fallback) return undefined;
  return `${fallback.replace(/\/*$/, '/')}${at.source
    .split('/')
    .map(encodeURIComponent)
    .join('/')}`;
}
