import type MarkdownIt from 'markdown-it';
import type { Token } from '../parserTypes';
import type { PageEnvironment } from '../PageEnvironment';

/**
 * Images of one theme. As a class, because the reader puts some images into the page and drops their addresses.
 *
 * https://squidfunk.github.io/mkdocs-material/reference/images/#light-and-dark-mode
 */
const ONE_THEME = /#(?:only-(light|dark)|gh-(light|dark)-mode-only)$/;
const EXTERNAL = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i;

/** Points relative links and images to where the pages end up, and remembers them so that they can be checked. */
export function links(markdown: MarkdownIt): void {
  markdown.core.ruler.push('links', state => {
    const environment = state.env as PageEnvironment;
    let last = 0;
    for (const token of state.tokens) {
      // Cells of a table have no line of their own, but their row has
      if (token.map) last = token.map[0];
      if (token.type !== 'inline' || !token.children) continue;
      let line = token.map?.[0] ?? last;
      for (const child of token.children) {
        if (child.type === 'softbreak' || child.type === 'hardbreak') line++;
        if (child.type === 'link_open') {
          rewrite(child, 'href', environment, line);
        } else if (child.type === 'image') {
          rewrite(child, 'src', environment, line);
          if (!child.attrGet('loading')) child.attrSet('loading', 'lazy');
          const theme = ONE_THEME.exec(child.attrGet('src') ?? '');
          if (theme) child.attrJoin('class', `only-${theme[1] ?? theme[2]}`);
        }
      }
    }
  });
}

function rewrite(
  token: Token,
  attribute: 'href' | 'src',
  environment: PageEnvironment,
  line: number,
): void {
  const href = token.attrGet(attribute);
  if (!href || EXTERNAL.test(href) || token.markup === 'footnote') return;
  const resolved = environment.resolveLink(href);
  if (!resolved) return;
  environment.links.push({
    kind: attribute === 'href' ? 'link' : 'image',
    href,
    target: resolved.target,
    anchor: resolved.anchor,
    line: environment.lineOf(line),
  });
  if (resolved.url !== undefined) token.attrSet(attribute, resolved.url);
}
