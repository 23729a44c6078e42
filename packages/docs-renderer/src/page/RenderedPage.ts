import type { DocsProblem } from '../diagnostics/DocsProblem';
import type { MarkdownOptions } from '../markdown/MarkdownOptions';
import type {
  PageDiagram,
  PageLink,
  TocEntry,
} from '../markdown/PageEnvironment';
import type { SearchDocuments } from '../search/searchDocuments';

export type { PageDiagram };

/** A page as it is read from the docs folder. */
export interface PageSource {
  /** Path inside the docs folder. */
  readonly path: string;
  readonly text: string;
  /** Whether the bytes were UTF-8. */
  readonly utf8: boolean;
}

/** What the rest of the site needs to know of a rendered page. */
export interface PageSummary {
  readonly path: string;
  /** Changes when anything of the rendered page does. */
  readonly hash: string;
  /** Title of the page itself; the navigation may give another. */
  readonly title: string;
  /** Whether the title is written in the page, rather than made from its file name. */
  readonly hasTitle: boolean;
  readonly description?: string;
  readonly links: readonly PageLink[];
  readonly diagrams: readonly PageDiagram[];
  /** Every id that a link may point to. */
  readonly anchors: readonly string[];
  readonly problems: readonly DocsProblem[];
  readonly search: SearchDocuments;
}

/** A rendered page: its summary and what goes into the page template. */
export interface RenderedPage {
  readonly summary: PageSummary;
  readonly html: string;
  readonly toc: readonly TocEntry[];
  readonly tags: readonly string[];
  readonly hide: readonly string[];
  /** What the page depends on beside its own text. */
  readonly dependencies: readonly PageDependency[];
}

/** A file that a page links to (`exists`) or includes (`content`, a hash of it). */
export type PageDependency =
  | { readonly path: string; readonly exists: boolean }
  | { readonly snippet: string; readonly content: string };

/** What all pages of a site are rendered with. */
export interface RenderContext {
  /** Folder of the site on this machine. */
  readonly root: string;
  /** Docs folder inside it. */
  readonly docsDir: string;
  /** Folder of mkdocs.yml inside it. */
  readonly configDir: string;
  readonly directoryUrls: boolean;
  readonly markdown: MarkdownOptions;
  /** Languages of diagrams that can be drawn, by the names that Kroki has for them. */
  readonly diagramTypes: readonly string[];
  /** Paths of all files of the docs folder. */
  readonly files: ReadonlySet<string>;
}
