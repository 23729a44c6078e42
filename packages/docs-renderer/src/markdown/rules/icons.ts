import type MarkdownIt from 'markdown-it';
import type { PageEnvironment } from '../PageEnvironment';

type Icons = Readonly<Record<string, string | undefined>>;

let materialIcons: Icons | undefined;

const NAME =
  /^:(material|octicons|fontawesome|simple)-([a-z0-9]+(?:-[a-z0-9]+)*):/;

/**
 * `:material-rocket-launch:`. The other sets that Material for MkDocs ships are shown by name, and reported.
 *
 * https://squidfunk.github.io/mkdocs-material/reference/icons-emojis/
 */
export function icons(markdown: MarkdownIt): void {
  markdown.inline.ruler.before('emphasis', 'icon', (state, silent) => {
    if (state.src.charCodeAt(state.pos) !== 0x3a) return false;
    const match = NAME.exec(state.src.slice(state.pos, state.pos + 80));
    if (!match) return false;
    if (!silent) {
      const path = match[1] === 'material' ? materialPath(match[2]) : undefined;
      if (path) {
        const token = state.push('icon', 'span', 0);
        token.attrSet('class', 'twemoji');
        token.meta = { path };
      } else {
        const environment = state.env as PageEnvironment;
        environment.report({
          severity: 'info',
          code: 'icon-unknown',
          message: `There is no icon "${match[0]}".`,
          fix: 'Use an icon of the Material set (":material-…:") or an emoji.',
        });
        state.push('text', '', 0).content = match[0];
      }
    }
    state.pos += match[0].length;
    return true;
  });
  markdown.renderer.rules.icon = (tokens, index, _options, env) => {
    const token = tokens[index];
    const environment = env as PageEnvironment;
    environment.trusted.push(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" aria-hidden="true"><path d="${token.meta.path}"/></svg>`,
    );
    const classes = markdown.utils.escapeHtml(token.attrGet('class') ?? '');
    return `<span class="${classes}">\uE000${
      environment.trusted.length - 1
    }\uE001</span>`;
  };
}

function materialPath(name: string): string | undefined {
  materialIcons ??= require('@mdi/js') as Icons;
  const key = `mdi${name
    .split('-')
    .map(part => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}`;
  return Object.hasOwn(materialIcons, key) ? materialIcons[key] : undefined;
}
