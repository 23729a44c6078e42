import { hash } from 'node:crypto';
import path from 'node:path';
import type MarkdownIt from 'markdown-it';
import type { DocsProblem } from '../diagnostics/DocsProblem';
import { withoutMarks } from '../diagrams/diagramMarks';
import { sanitizePage } from '../html/sanitizePage';
import { createMarkdown } from '../markdown/createMarkdown';
import type {
  PageEnvironment,
  ResolvedLink,
} from '../markdown/PageEnvironment';
import { restoreTrusted } from '../markdown/rules/math';
import { searchDocuments } from '../search/searchDocuments';
import { isPage, relativeUrl, siteUrl } from '../site/pageUrls';
import { expandSnippets, type ReadSnippet } from './expandSnippets';
import { readFrontMatter } from './readFrontMatter';
import { snippetReader } from './readSnippet';
import type {
  PageDependency,
  PageSource,
  RenderContext,
  RenderedPage,
} from './RenderedPage';

const parsers = new Map<boolean, MarkdownIt>();

function parserFor(breaks: boolean): MarkdownIt {
  let parser = parsers.get(breaks);
  if (!parser) {
    parser = createMarkdown({ breaks });
    parsers.set(breaks, parser);
  }
  return parser;
}

/** Problems of one page beyond this number are not kept. */
const MAX_PROBLEMS = 200;

/** Renders one page. Nothing outside of the docs folder is read, and nothing of the page is run. */
export function renderPage(
  source: PageSource,
  context: RenderContext,
): RenderedPage {
  const { markdown: options } = context;
  const file = path.posix.join(context.docsDir, source.path);
  const problems: DocsProblem[] = [];
  const report = (problem: Omit<DocsProblem, 'file'>) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ ...problem, file });
  };
  if (!source.utf8) {
    report({
      severity: 'warning',
      code: 'encoding-invalid',
      message: 'The file is not UTF-8: some characters may be wrong.',
      fix: 'Save it as UTF-8.',
    });
  }
  const text = source.text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[\uE000-\uE004\0]/g, '\uFFFD');
  const { meta, body } = readFrontMatter(text, (message, line) =>
    report({
      severity: 'warning',
      code: 'front-matter-invalid',
      message: `The front matter is left out. ${message}`,
      fix: 'Correct the YAML between the two "---" lines.',
      line,
    }),
  );
  const dependencies: PageDependency[] = [];
  const read = snippetReader(context, source.path);
  const readNoted: ReadSnippet = name => {
    const found = read(name);
    dependencies.push({
      snippet: name,
      content: found && 'text' in found ? hashOf(found.text) : '',
    });
    return found;
  };
  const expanded = expandSnippets(body, {
    includes: options.includes,
    report: problem =>
      report({ ...problem, line: (problem.line ?? 0) + meta.lines }),
    read: readNoted,
  });
  const appended = options.autoAppend
    .map(name => {
      const found = read(name);
      return found && 'text' in found ? found.text : '';
    })
    .join('\n');
  const url = siteUrl(source.path, context.directoryUrls);
  const environment: PageEnvironment = {
    options,
    path: source.path,
    lineOf: line => (expanded.origins?.[line] ?? line) + meta.lines + 1,
    resolveLink: href => resolveLink(href, source.path, url, context),
    readFile: name => {
      const found = readNoted(
        path.posix.join(path.posix.dirname(source.path), name),
      );
      return found && 'text' in found ? found.text : undefined;
    },
    report,
    toc: [],
    links: [],
    diagramTypes: context.diagramTypes,
    diagrams: [],
    ids: new Map(),
    trusted: [],
    tabSets: 0,
    captions: { figure: 0, table: 0 },
    elements: new Map(),
    hasRawHtml: false,
    hasMermaid: false,
  };
  const raw = parserFor(options.breaks).render(
    appended ? `${expanded.text}\n\n${appended}` : expanded.text,
    environment,
  );
  const clean = environment.hasRawHtml
    ? sanitizePage(raw, element =>
        report({
          severity: 'warning',
          code: 'html-removed',
          message: `<${element}> is taken out of the page.`,
          fix: 'Pages may not bring scripts, styles, frames or forms. Write it in Markdown.',
          line: environment.elements.get(element),
        }),
      )
    : raw;
  const html = restoreTrusted(clean, environment.trusted);
  const firstHeading = environment.toc.find(entry => entry.level === 1);
  for (const link of environment.links) {
    if (link.target !== source.path) {
      dependencies.push({
        path: link.target,
        exists: context.files.has(link.target),
      });
    }
  }
  const title = meta.title ?? firstHeading?.title;
  return {
    summary: {
      path: source.path,
      hash: hashOf(
        `${html}\0${JSON.stringify([
          environment.toc,
          meta.tags,
          [...meta.hide],
          title,
        ])}`,
      ),
      title: title ?? titleFromPath(source.path),
      hasTitle: title !== undefined,
      description: meta.description,
      links: environment.links,
      diagrams: environment.diagrams,
      anchors: collectAnchors(html),
      problems,
      search: searchDocuments(withoutMarks(html), {
        url,
        headings: new Map(
          environment.toc.map(entry => [entry.id, entry.title]),
        ),
      }),
    },
    html,
    toc: environment.toc,
    tags: meta.tags,
    hide: [...meta.hide],
    dependencies,
  };
}

/** A hash that is short enough to compare and long enough to trust. */
export function hashOf(text: string): string {
  return hash('sha1', text, 'base64url');
}

/** MkDocs' title of a page that has none: `getting_started.md` → `Getting started`. */
export function titleFromPath(source: string): string {
  const { dir, name } = path.posix.parse(source);
  const isIndex = name === 'index' || name === 'README';
  if (isIndex && !dir) return 'Home';
  const words = (isIndex ? path.posix.basename(dir) : name).replace(
    /[-_]/g,
    ' ',
  );
  return words.toLowerCase() === words
    ? words.charAt(0).toUpperCase() + words.slice(1)
    : words;
}

/** MkDocs' rules for links: relative to the source file, an absolute path is left alone. */
function resolveLink(
  href: string,
  page: string,
  pageUrl: string,
  context: RenderContext,
): ResolvedLink | undefined {
  const match = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(href);
  if (!match || href.startsWith('/') || href.startsWith('\\')) return undefined;
  const [, encoded, query = '', fragment = ''] = match;
  const anchor = fragment ? decode(fragment.slice(1)) : undefined;
  if (!encoded) {
    return anchor ? { target: page, url: href, anchor } : undefined;
  }
  const target = path.posix
    .join(path.posix.dirname(page), decode(encoded))
    .replace(/\/+$/, '');
  if (!context.files.has(target)) return { target, anchor };
  const url = isPage(target)
    ? relativeUrl(siteUrl(target, context.directoryUrls), pageUrl)
    : relativeUrl(siteUrl(target, true), pageUrl);
  return { target, anchor, url: `${url}${query}${fragment}` };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an encoding: a name with a per cent sign
    return text;
  }
}

function collectAnchors(html: string): string[] {
  const found = new Set<string>();
  for (const match of html.matchAll(/\s(?:id|name)="([^"]+)"/g)) {
    found.add(
      match[1].includes('&')
        ? match[1]
            .replace(/&quot;/g, '"')
            .replace(/&lt;/g, '<')
            .replace(/&gt;/g, '>')
            .replace(/&amp;/g, '&')
        : match[1],
    );
  }
  return [...found];
}
