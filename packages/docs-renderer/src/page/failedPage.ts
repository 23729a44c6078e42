import path from 'node:path';
import { escapeText } from '../markdown/highlight/PygmentsEmitter';
import { searchDocuments } from '../search/searchDocuments';
import type { PageSource, RenderContext, RenderedPage } from './RenderedPage';
import { hashOf, titleFromPath } from './renderPage';

/** What stands for a page that the renderer failed on: its text as it is, so that one page never costs the site. */
export function failedPage(
  source: PageSource,
  context: RenderContext,
  error: unknown,
): RenderedPage {
  const title = titleFromPath(source.path);
  return {
    summary: {
      path: source.path,
      hash: hashOf(source.text),
      title,
      hasTitle: false,
      links: [],
      diagrams: [],
      anchors: [],
      problems: [
        {
          severity: 'error',
          code: 'page-failed',
          message: `The page could not be rendered: ${
            error instanceof Error ? error.message : String(error)
          }`,
          fix: 'It is shown as plain text. Simplify it, and report the page to the platform team.',
          file: path.posix.join(context.docsDir, source.path),
        },
      ],
      search: searchDocuments('', { url: '', headings: new Map() }),
    },
    html: `<pre><code>${escapeText(source.text)}</code></pre>`,
    toc: [],
    tags: [],
    hide: [],
    dependencies: [],
  };
}
