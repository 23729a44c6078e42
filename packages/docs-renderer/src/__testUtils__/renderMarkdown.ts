import type { DocsProblem } from '../diagnostics/DocsProblem';
import {
  DEFAULT_MARKDOWN_OPTIONS,
  type MarkdownOptions,
} from '../markdown/MarkdownOptions';
import { renderPage } from '../page/renderPage';
import type { RenderedPage } from '../page/RenderedPage';

/** Renders a page of a site that has the given files and whose headings have no permalinks. */
export function renderMarkdown(
  text: string,
  options: {
    readonly markdown?: Partial<MarkdownOptions>;
    readonly files?: readonly string[];
    readonly path?: string;
    readonly root?: string;
    readonly diagramTypes?: readonly string[];
  } = {},
): RenderedPage & { readonly problems: readonly DocsProblem[] } {
  const path = options.path ?? 'index.md';
  const page = renderPage(
    { path, text, utf8: true },
    {
      root: options.root ?? '/nowhere',
      docsDir: 'docs',
      configDir: '.',
      directoryUrls: true,
      markdown: {
        ...DEFAULT_MARKDOWN_OPTIONS,
        permalink: false,
        ...options.markdown,
      },
      diagramTypes: options.diagramTypes ?? [],
      files: new Set([path, ...(options.files ?? [])]),
    },
  );
  return { ...page, problems: page.summary.problems };
}
