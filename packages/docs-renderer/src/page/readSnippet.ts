import fs from 'node:fs';
import path from 'node:path';
import { decodeText } from '../site/SiteFolder';
import type { ReadSnippet } from './expandSnippets';
import type { RenderContext } from './RenderedPage';

const MAX_BYTES = 1024 * 1024;

/**
 * Reads files for snippets. Links are followed before a file is opened, and what is not in the docs folder then is
 * refused: a page cannot show the portal's own files.
 *
 * @param page - Path of the page; names are also tried beside it.
 */
export function snippetReader(
  context: RenderContext,
  page: string,
): ReadSnippet {
  const docs = path.join(context.root, context.docsDir);
  const bases = [
    ...context.markdown.snippetPaths.map(base =>
      path.resolve(context.root, context.configDir, base),
    ),
    docs,
    path.join(docs, path.posix.dirname(page)),
  ];
  return name => {
    if (
      /^[a-z]+:\/\//i.test(name) ||
      path.isAbsolute(name) ||
      name.includes('\0')
    ) {
      return { refused: true };
    }
    let refused = false;
    const realDocs = fs.realpathSync(docs);
    for (const base of bases) {
      let real: string;
      try {
        real = fs.realpathSync(path.resolve(base, name));
      } catch {
        // Not under this folder; perhaps under the next
        continue;
      }
      const relative = path.relative(realDocs, real);
      if (relative.startsWith('..') || path.isAbsolute(relative)) {
        refused = true;
        continue;
      }
      const stat = fs.statSync(real);
      if (!stat.isFile()) continue;
      if (stat.size > MAX_BYTES) return { refused: true };
      return {
        text: decodeText(fs.readFileSync(real)).text.replace(/\r\n?/g, '\n'),
      };
    }
    return refused || name.split(/[\\/]/).includes('..')
      ? { refused: true }
      : undefined;
  };
}
