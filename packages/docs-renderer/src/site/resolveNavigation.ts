import path from 'node:path';
import ignore from 'ignore';
import type { DocsProblem } from '../diagnostics/DocsProblem';
import type { PageSummary } from '../page/RenderedPage';
import { isPage, siteUrl } from './pageUrls';
import type { NavNode } from './Navigation';
import type { NavEntry, SiteConfig } from './SiteConfig';

export interface ResolveNavigationOptions {
  readonly config: SiteConfig;
  readonly nav: readonly NavEntry[] | undefined;
  /** Pages of the site in order of their paths. */
  readonly pages: ReadonlyMap<string, PageSummary>;
  /** Text of files that steer the navigation: `.pages`, SUMMARY.md. */
  readonly readText: (path: string) => Promise<string | undefined>;
}

const EXTERNAL = /^(?:[a-z][a-z0-9+.-]*:\/\/|mailto:|\/)/i;

/** Turns `nav`, or the folders where there is none, into the navigation with titles and addresses. */
export async function resolveNavigation(
  options: ResolveNavigationOptions,
): Promise<{
  readonly nodes: readonly NavNode[];
  readonly problems: readonly DocsProblem[];
}> {
  const { config, pages } = options;
  const problems: DocsProblem[] = [];
  const file = config.file ?? 'mkdocs.yml';
  const pageNode = (source: string, title?: string): NavNode => ({
    title: title ?? pages.get(source)!.title,
    url: siteUrl(source, config.directoryUrls),
    page: source,
  });

  const resolveEntries = (entries: readonly NavEntry[]): NavNode[] =>
    entries.flatMap((entry): NavNode[] => {
      if (entry.children) {
        const children = resolveEntries(entry.children);
        return children.length > 0
          ? [{ title: entry.title ?? '', children }]
          : [];
      }
      const target = entry.target ?? '';
      if (EXTERNAL.test(target)) {
        return /^(?:https?:|mailto:|\/)/i.test(target)
          ? [{ title: entry.title ?? target, url: target }]
          : [];
      }
      const source = path.posix.normalize(decodePath(target.split('#')[0]));
      if (pages.has(source)) return [pageNode(source, entry.title)];
      if (!isPage(source) || /[*?]/.test(source)) {
        const inside = matching(source, [...pages.keys()]);
        if (inside.length > 0) {
          const nodes = inside.map(page => pageNode(page));
          return entry.title
            ? [{ title: entry.title, children: nodes }]
            : nodes;
        }
      }
      problems.push({
        severity: 'error',
        code: 'nav-target-missing',
        message: `"${target}" is in the navigation, but there is no such page.`,
        fix: suggest(source, [...pages.keys()]),
        file,
        line: entry.line,
        column: entry.column,
      });
      return [];
    });

  let nodes: readonly NavNode[];
  const literate = config.literateNav
    ? await options.readText(config.literateNav)
    : undefined;
  if (options.nav) nodes = resolveEntries(options.nav);
  else if (literate) nodes = resolveEntries(parseLiterateNav(literate));
  else {
    const left = ignore().add(config.notInNav);
    const listed = [...pages.keys()].filter(page => !left.ignores(page));
    nodes = await implicitNavigation(listed, {
      node: pageNode,
      readText: options.readText,
      steered: config.awesomePages,
    });
  }
  return { nodes, problems };
}

function decodePath(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    // A name with a per cent sign
    return target;
  }
}

const MAX_STARS = 3;

/** Pages of a folder, or those that a pattern with stars names. */
function matching(pattern: string, pages: readonly string[]): string[] {
  if (!/[*?]/.test(pattern)) {
    const folder = pattern.replace(/\/?$/, '/');
    return pages.filter(page => page.startsWith(folder));
  }
  // More stars than anybody needs take time without end
  if ((pattern.match(/\*+/g)?.length ?? 0) > MAX_STARS) return [];
  const expression = new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*\*\/?/g, '\u{e000}')
      .replace(/\*/g, '[^/]*')
      .replace(/\?/g, '[^/]')
      .replace(/\u{e000}/gu, '.*')}$`,
  );
  return pages.filter(page => expression.test(page));
}

/** Says which page was probably meant. */
function suggest(missing: string, pages: readonly string[]): string {
  const name = path.posix.basename(missing).toLowerCase();
  const same = pages.find(
    page => path.posix.basename(page).toLowerCase() === name,
  );
  return same ? `Write "${same}".` : 'Create the page, or remove the entry.';
}

interface ImplicitOptions {
  readonly node: (source: string, title?: string) => NavNode;
  readonly readText: (path: string) => Promise<string | undefined>;
  /** Whether `.pages` files order the folders. */
  readonly steered: boolean;
}

interface Folder {
  readonly pages: string[];
  readonly folders: Map<string, Folder>;
}

/** MkDocs' order: pages of a folder by name with the index first, then its folders. */
async function implicitNavigation(
  sources: readonly string[],
  options: ImplicitOptions,
): Promise<NavNode[]> {
  const top: Folder = { pages: [], folders: new Map() };
  for (const source of sources) {
    let folder = top;
    for (const part of source.split('/').slice(0, -1)) {
      let inner = folder.folders.get(part);
      if (!inner) {
        inner = { pages: [], folders: new Map() };
        folder.folders.set(part, inner);
      }
      folder = inner;
    }
    folder.pages.push(source);
  }
  return folderNodes(top, '', options);
}

async function folderNodes(
  folder: Folder,
  at: string,
  options: ImplicitOptions,
): Promise<NavNode[]> {
  const isIndex = (page: string) => /(?:^|\/)(?:index|README)\.md$/.test(page);
  const pages = [...folder.pages].sort((a, b) => {
    if (isIndex(a) !== isIndex(b)) return isIndex(a) ? -1 : 1;
    return a < b ? -1 : 1;
  });
  const steering = options.steered
    ? parsePagesFile(await options.readText(path.posix.join(at, '.pages')))
    : undefined;
  const found = new Map<string, NavNode>();
  for (const page of pages) {
    found.set(path.posix.basename(page), options.node(page));
  }
  for (const [name, inner] of [...folder.folders].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    const inside = path.posix.join(at, name);
    const children = await folderNodes(inner, inside, options);
    const own = options.steered
      ? parsePagesFile(
          await options.readText(path.posix.join(inside, '.pages')),
        )
      : undefined;
    if (own?.hide) continue;
    found.set(name, { title: own?.title ?? titleOfFolder(name), children });
  }
  if (!steering?.nav) return [...found.values()];
  const ordered: NavNode[] = [];
  const named = new Set(steering.nav.map(entry => entry.name));
  for (const { name, title } of steering.nav) {
    if (name === '...') {
      ordered.push(
        ...[...found]
          .filter(([key]) => !named.has(key))
          .map(([, node]) => node),
      );
    } else if (EXTERNAL.test(name)) {
      ordered.push({ title: title ?? name, url: name });
    } else {
      const node = found.get(name);
      if (node) ordered.push(title ? { ...node, title } : node);
    }
  }
  return ordered;
}

function titleOfFolder(name: string): string {
  const words = name.replace(/[-_]/g, ' ');
  return words.toLowerCase() === words
    ? words.replace(/(^|\s)\S/g, first => first.toUpperCase())
    : words;
}

interface PagesFile {
  readonly title?: string;
  readonly hide?: boolean;
  readonly nav?: readonly { readonly name: string; readonly title?: string }[];
}

/** `.pages` of mkdocs-awesome-pages: `title`, `hide`, and `nav` (or `arrange`) with names in order. */
function parsePagesFile(text: string | undefined): PagesFile | undefined {
  if (text === undefined) return undefined;
  const title = /^title:[ \t]*(.+?)[ \t]*$/m
    .exec(text)?.[1]
    .replace(/^["']|["']$/g, '');
  const hide = /^hide:[ \t]*true[ \t]*$/m.test(text);
  const list = /^(?:nav|arrange):[ \t]*\n((?:[ \t]*-[ \t]+.*\n?)+)/m.exec(
    text,
  )?.[1];
  const nav = list?.split('\n').flatMap(line => {
    const item = /^[ \t]*-[ \t]+(.+?)[ \t]*$/.exec(line)?.[1];
    if (!item) return [];
    const pair = /^["']?(.+?)["']?:[ \t]+["']?(.+?)["']?$/.exec(item);
    return pair
      ? [{ title: pair[1], name: pair[2] }]
      : [{ name: item.replace(/^["']|["']$/g, '') }];
  });
  return { title, hide, nav };
}

/** SUMMARY.md of mkdocs-literate-nav: a nested list of links. */
function parseLiterateNav(text: string): NavEntry[] {
  const top: { indent: number; entries: NavEntry[] }[] = [
    { indent: -1, entries: [] },
  ];
  for (const line of text.split('\n')) {
    const item = /^([ \t]*)[-*+][ \t]+(.+?)[ \t]*$/.exec(line);
    if (!item) continue;
    const indent = item[1].replace(/\t/g, '    ').length;
    while (top.length > 1 && top[top.length - 1].indent >= indent) top.pop();
    const link = /^\[(.+?)\]\((.+?)\)$/.exec(item[2]);
    const children: NavEntry[] = [];
    const parent = top[top.length - 1].entries;
    if (link) parent.push({ title: link[1], target: link[2] });
    else if (/[*?]|\.md$/.test(item[2])) parent.push({ target: item[2] });
    else parent.push({ title: item[2], children });
    top.push({ indent, entries: children });
  }
  return top[0].entries;
}
