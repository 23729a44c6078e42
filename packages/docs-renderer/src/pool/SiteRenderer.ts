import fs from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { NavigationRenderer } from '../page/renderNavigation';
import { pageTemplate, type Neighbour } from '../page/pageTemplate';
import { failedPage } from '../page/failedPage';
import { hashOf, renderPage } from '../page/renderPage';
import { snippetReader } from '../page/readSnippet';
import type {
  PageSource,
  PageSummary,
  RenderContext,
  RenderedPage,
} from '../page/RenderedPage';
import { showDiagrams } from '../diagrams/diagramMarks';
import { cleanSvg } from '../html/cleanSvg';
import type { DocsFile } from '../site/listFiles';
import type { NavNode } from '../site/Navigation';
import { MARKUP_VERSION } from '../site/rendererVersion';
import type { Activity } from './Activity';
import { PageReader } from './PageReader';
import { writePieces, WrittenPages } from './WrittenPages';

/** One page that is to be written. */
export interface PageToWrite {
  readonly path: string;
  /** Path inside the output folder. */
  readonly output: string;
  readonly title: string;
  /** Relative way to the start of the site. */
  readonly prefix: string;
  readonly previous?: Neighbour;
  readonly next?: Neighbour;
  readonly editUrl?: string;
  /** Keys of the diagrams of the page that could be drawn. */
  readonly drawn?: readonly string[];
  /** Key that the page is published with: it is not written again when it would have the same. */
  readonly published?: string;
}

/** What all pages of a site are written with. */
export interface WriteContext {
  readonly outputDir: string;
  readonly siteName: string;
  readonly navigation: readonly NavNode[];
  readonly styleSheet: string;
  readonly footer?: string;
  /** Whether the next build may take pages of this one: of a site of which nothing is known to be published. */
  readonly keepPages?: boolean;
}

/** Path inside the output folder, and key. */
export type WrittenPage = readonly [output: string, key: string];

/** Renders and writes pages: in a worker thread, or in this one. */
export interface PageRenderer {
  render(
    job: string,
    context: RenderContext,
    files: readonly DocsFile[],
  ): Promise<readonly PageSummary[]>;
  /** @returns The files with their keys, which are the same for the same page. */
  write(
    job: string,
    context: WriteContext,
    pages: readonly PageToWrite[],
  ): Promise<readonly WrittenPage[]>;
  cleanSvg(job: string, from: string, to: string): Promise<void>;
  /** Forgets what was rendered for a job. */
  release(job: string): Promise<void>;
}

interface CacheEntry {
  readonly page: RenderedPage;
  readonly bytes: number;
}

/** Pages that are written before other sites have their turn. */
const PAGES_PER_TURN = 32;
const DEFAULT_CACHE_BYTES = 48 * 1024 * 1024;

/**
 * The renderer of one thread. Rendered pages are kept by their content, so that building a site again renders what has
 * changed; the oldest go when there are too many.
 */
export class SiteRenderer implements PageRenderer {
  readonly #cache = new Map<string, CacheEntry>();
  protected readonly jobs = new Map<string, Map<string, RenderedPage>>();
  readonly #maxBytes: number;
  readonly #activity?: Activity;
  readonly #reader = new PageReader();
  readonly #written: WrittenPages;
  #bytes = 0;
  #rendered = 0;

  constructor(
    options: {
      /** Bytes of rendered pages that are kept. Default: 48 MB */
      readonly cacheBytes?: number;
      /** Told which page is being rendered. */
      readonly activity?: Activity;
      /** Folder for written pages, so that the next build need not write them again. Default: none */
      readonly keepFolder?: string;
    } = {},
  ) {
    this.#maxBytes = options.cacheBytes ?? DEFAULT_CACHE_BYTES;
    this.#activity = options.activity;
    this.#written = new WrittenPages(options.keepFolder);
  }

  /** How many pages were really rendered since the start. */
  get renderedPages(): number {
    return this.#rendered;
  }

  async render(
    job: string,
    context: RenderContext,
    files: readonly DocsFile[],
  ): Promise<readonly PageSummary[]> {
    const pages = this.#pagesOf(job);
    const options = hashOf(
      JSON.stringify([
        context.markdown,
        context.directoryUrls,
        context.docsDir,
        context.diagramTypes,
      ]),
    );
    return files.map(file => {
      const page = this.#page(job, file, context, options);
      pages.set(file.path, page);
      return page.summary;
    });
  }

  async write(
    job: string,
    context: WriteContext,
    pages: readonly PageToWrite[],
  ): Promise<readonly WrittenPage[]> {
    const rendered = this.#pagesOf(job);
    const navigation = new NavigationRenderer(
      context.navigation,
      context.siteName,
    );
    const shared = hashOf(
      `${MARKUP_VERSION}${JSON.stringify({
        ...context,
        outputDir: '',
        keepPages: undefined,
      })}`,
    );
    const folders = new Set<string>();
    const written: WrittenPage[] = [];
    for (const [index, { published, ...page }] of pages.entries()) {
      if (index % PAGES_PER_TURN === PAGES_PER_TURN - 1) await setImmediate();
      const found = rendered.get(page.path);
      if (!found) throw new Error(`Page ${page.path} was not rendered`);
      const key = hashOf(
        `${shared}\0${found.summary.hash}\0${JSON.stringify(page)}`,
      );
      written.push([page.output, key]);
      if (key === published) continue;
      const file = path.join(context.outputDir, page.output);
      const folder = path.dirname(file);
      // Without promises: for many small files they cost more than the writing
      if (!folders.has(folder)) makeFolder(folder);
      folders.add(folder);
      const html = () => this.pieces(found, context, page, navigation);
      if (context.keepPages) this.#written.write(file, key, html);
      else writePieces(file, html());
    }
    return written;
  }

  /** One page as it is written, in pieces. */
  pieces(
    page: RenderedPage,
    context: WriteContext,
    target: PageToWrite,
    navigation: NavigationRenderer,
  ): Uint8Array[] {
    const { before, after } = pageTemplate({
      page: { ...page, html: showDiagrams(page.html, target) },
      siteName: context.siteName,
      styleSheet: context.styleSheet,
      footer: context.footer,
      title: target.title,
      prefix: target.prefix,
      previous: target.previous,
      next: target.next,
      editUrl: target.editUrl,
    });
    return [
      Buffer.from(before),
      ...navigation.renderBytes(target.path, target.prefix),
      Buffer.from(after),
    ];
  }

  async cleanSvg(_job: string, from: string, to: string): Promise<void> {
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.writeFileSync(to, cleanSvg(fs.readFileSync(from, 'utf8')));
  }

  async release(job: string): Promise<void> {
    this.jobs.delete(job);
  }

  #pagesOf(job: string): Map<string, RenderedPage> {
    let pages = this.jobs.get(job);
    if (!pages) {
      pages = new Map();
      this.jobs.set(job, pages);
    }
    return pages;
  }

  #page(
    job: string,
    file: DocsFile,
    context: RenderContext,
    options: string,
  ): RenderedPage {
    // Sites with the same page at the same path share it: nothing in it tells whose it is
    const keyOf = (content: string) => `${file.path}\0${content}\0${options}`;
    const unread = this.#reader.contentOf(context.root, file);
    const found = unread && this.#cached(keyOf(unread), context);
    if (found) return found;
    const { source, content } = this.#reader.read(context.root, file);
    const key = keyOf(content);
    return (
      this.#cached(key, context) ?? this.#render(job, key, source, context)
    );
  }

  /** A page as it was rendered before, if it is still right. */
  #cached(key: string, context: RenderContext): RenderedPage | undefined {
    const known = this.#cache.get(key);
    if (!known || !isCurrent(known.page, context)) return undefined;
    this.#cache.delete(key);
    this.#cache.set(key, known);
    return known.page;
  }

  #render(
    job: string,
    key: string,
    source: PageSource,
    context: RenderContext,
  ): RenderedPage {
    this.#activity?.begin(`${job}\n${source.path}`);
    let page: RenderedPage;
    try {
      page = renderPage(source, context);
    } catch (error) {
      page = failedPage(source, context, error);
    } finally {
      this.#activity?.end();
    }
    this.#rendered++;
    const bytes = 2 * page.html.length + page.summary.search.length + 2000;
    const known = this.#cache.get(key);
    if (known) this.#bytes -= known.bytes;
    this.#cache.delete(key);
    this.#cache.set(key, { page, bytes });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#cache) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#cache.delete(oldest);
      this.#bytes -= entry.bytes;
    }
    return page;
  }
}

/** Whether what a page links to and includes is still there and the same. */
function isCurrent(page: RenderedPage, context: RenderContext): boolean {
  let read: ReturnType<typeof snippetReader> | undefined;
  return page.dependencies.every(dependency => {
    if ('path' in dependency) {
      return context.files.has(dependency.path) === dependency.exists;
    }
    read ??= snippetReader(context, page.summary.path);
    const found = read(dependency.snippet);
    return (
      (found && 'text' in found ? hashOf(found.text) : '') ===
      dependency.content
    );
  });
}

/** In most cases the folder above is there, and this takes one call. */
function makeFolder(folder: string): void {
  try {
    fs.mkdirSync(folder);
  } catch {
    // There already, or the folder above is not
    fs.mkdirSync(folder, { recursive: true });
  }
}
