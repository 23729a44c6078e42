import type { MarkdownOptions } from '../markdown/MarkdownOptions';

/** One entry of `nav`: a page, a link, or a section with entries of its own. */
export interface NavEntry {
  readonly title?: string;
  /** A Markdown file, a folder, a URL, a glob or `!include path`. */
  readonly target?: string;
  readonly children?: readonly NavEntry[];
  /** Where the entry stands in mkdocs.yml. */
  readonly line?: number;
  readonly column?: number;
}

/** mkdocs.yml, read and checked. */
export interface SiteConfig {
  /** Path of mkdocs.yml inside the site's folder; undefined when there is none. */
  readonly file?: string;
  readonly siteName: string;
  readonly siteDescription?: string;
  readonly repositoryUrl?: string;
  /** Absolute URL that the source path of a page is appended to. */
  readonly editUrl?: string;
  /** `edit_uri_template`, absolute, with `{path}` or `{path_noext}`. */
  readonly editUrlTemplate?: string;
  /** Folder of the pages, inside the site's folder. */
  readonly docsDir: string;
  readonly nav?: readonly NavEntry[];
  /** Patterns as in .gitignore. */
  readonly excludeDocs: string;
  readonly notInNav: string;
  readonly directoryUrls: boolean;
  readonly markdown: MarkdownOptions;
  /** Plugins that change the navigation. */
  readonly literateNav?: string;
  readonly awesomePages: boolean;
  /** `redirects` of mkdocs-redirects: old page to new page or URL. */
  readonly redirects: ReadonlyMap<string, string>;
  readonly copyright?: string;
}
