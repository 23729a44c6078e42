import type { DocsProblem } from '../diagnostics/DocsProblem';
import type { Diagram } from '../diagrams/DiagramDrawer';
import type { MarkdownOptions } from './MarkdownOptions';

/** A heading of a page, as the table of contents shows it. */
export interface TocEntry {
  readonly level: number;
  readonly id: string;
  /** Inner HTML without links. */
  readonly html: string;
  /** Plain text. */
  readonly title: string;
}

/** A link or image of a page that points into the site. */
export interface PageLink {
  readonly kind: 'link' | 'image';
  /** As written. */
  readonly href: string;
  /** Path inside the docs folder that it points to; the page itself for `#anchor`. */
  readonly target: string;
  readonly anchor?: string;
  readonly line?: number;
}

/** A diagram of a page that a server is asked for. */
export interface PageDiagram extends Diagram {
  readonly key: string;
  readonly line?: number;
}

/** What a page is rendered with and what rendering finds out: one object for one page. */
export interface PageEnvironment {
  readonly options: MarkdownOptions;
  /** Path inside the docs folder. */
  readonly path: string;
  /** Lines that front matter and snippets take away from or add to the file: rendered line to line of the file. */
  readonly lineOf: (line: number) => number;
  readonly resolveLink: (href: string) => ResolvedLink | undefined;
  /** Text of a file of the docs folder, by its way from the page; undefined when it may not be read. */
  readonly readFile: (path: string) => string | undefined;
  readonly report: (problem: Omit<DocsProblem, 'file'>) => void;
  readonly toc: TocEntry[];
  readonly links: PageLink[];
  /** Languages of diagrams that can be drawn. */
  readonly diagramTypes: readonly string[];
  readonly diagrams: PageDiagram[];
  /** Ids that are taken, with the line that took them. */
  readonly ids: Map<string, number>;
  /** HTML made by the renderer itself, kept out of the sanitiser's way: placeholder number to HTML. */
  readonly trusted: string[];
  tabSets: number;
  /** Numbered captions so far. */
  readonly captions: { figure: number; table: number };
  /** Elements that the author wrote as HTML, with the line of the first of each. */
  readonly elements: Map<string, number>;
  /** Whether the author wrote HTML, so that the page has to be sanitised. */
  hasRawHtml: boolean;
  /** Whether the page shows a diagram that the browser draws. */
  hasMermaid: boolean;
}

export interface ResolvedLink {
  /** Path inside the docs folder. */
  readonly target: string;
  /** What to write into the page; undefined when the target does not exist. */
  readonly url?: string;
  readonly anchor?: string;
}
