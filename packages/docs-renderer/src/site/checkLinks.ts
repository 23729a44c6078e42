import path from 'node:path';
import type { DocsProblem } from '../diagnostics/DocsProblem';
import type { PageSummary } from '../page/RenderedPage';
import { isPage } from './pageUrls';

/** Finds links and images that lead nowhere. */
export function checkLinks(options: {
  readonly pages: ReadonlyMap<string, PageSummary>;
  readonly files: ReadonlySet<string>;
  /** Path of a page for messages. */
  readonly fileOf: (page: string) => string;
}): DocsProblem[] {
  const { pages, files, fileOf } = options;
  const problems: DocsProblem[] = [];
  const anchors = new Map<string, ReadonlySet<string>>();
  const anchorsOf = (page: PageSummary) => {
    let known = anchors.get(page.path);
    if (!known) {
      known = new Set(page.anchors);
      anchors.set(page.path, known);
    }
    return known;
  };
  let byName: Map<string, string> | undefined;
  for (const page of pages.values()) {
    for (const link of page.links) {
      const at = { file: fileOf(page.path), line: link.line };
      if (!files.has(link.target)) {
        byName ??= new Map(
          [...files].map(file => [path.posix.basename(file), file]),
        );
        problems.push({
          severity: 'warning',
          code: link.kind === 'image' ? 'image-missing' : 'link-target-missing',
          message:
            link.kind === 'image'
              ? `There is no image "${link.href}".`
              : `The link "${link.href}" leads nowhere.`,
          fix: suggestTarget(link.target, page.path, { files, byName }),
          ...at,
        });
        continue;
      }
      const target = pages.get(link.target);
      if (!link.anchor || !target || !isPage(link.target)) continue;
      if (
        !anchorsOf(target).has(link.anchor) &&
        !link.anchor.startsWith('__')
      ) {
        problems.push({
          severity: 'warning',
          code: 'link-anchor-missing',
          message: `"${link.href}" leads to a heading that ${
            target === page ? 'this page' : `"${target.path}"`
          } does not have.`,
          fix: suggestAnchor(link.anchor, target.anchors),
          ...at,
        });
      }
    }
  }
  return problems;
}

function suggestTarget(
  target: string,
  from: string,
  known: {
    readonly files: ReadonlySet<string>;
    readonly byName: ReadonlyMap<string, string>;
  },
): string {
  if (target.startsWith('../')) {
    return 'Files outside of the docs folder have no address: link to the repository instead.';
  }
  const guesses = [
    `${target}.md`,
    path.posix.join(target, 'index.md'),
    target.replace(/\.html$/, '.md'),
    target.replace(/\/$/, '.md'),
  ];
  const found =
    guesses.find(guess => known.files.has(guess)) ??
    known.byName.get(path.posix.basename(target));
  if (!found) return 'Correct the path, or create the file.';
  const way = path.posix.relative(path.posix.dirname(from), found);
  return `Write "${way}".`;
}

function suggestAnchor(anchor: string, anchors: readonly string[]): string {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const wanted = plain(anchor);
  const near =
    anchors.find(known => plain(known) === wanted) ??
    anchors.find(known => wanted.length > 3 && plain(known).includes(wanted));
  return near
    ? `Write "#${near}".`
    : 'Link to one of the headings of that page.';
}
