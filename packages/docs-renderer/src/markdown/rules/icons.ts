import type MarkdownIt from 'markdown-it';
import { findIcon } from '../findIcon';
import type { PageEnvironment } from '../PageEnvironment';

const NAME =
  /^:(material|octicons|fontawesome|simple)-([a-z0-9]+(?:-[a-z0-9]+)*):/;

/**
 * `:material-rocket-launch:`, `:octicons-rocket-16:` and `:simple-gitea:`. Font Awesome, which asks for its authors to be
 * named on every page, is shown by name, and reported.
 *
 * https://squidfunk.github.io/mkdocs-material/reference/icons-emojis/
 */
export function icons(markdown: MarkdownIt): void {
  markdown.inline.ruler.before('emphasis', 'icon', (state, silent) => {
    if (state.src.charCodeAt(state.pos) !== 0x3a) return false;
    const match = NAME.exec(state.src.slice(state.pos, state.pos + 80));
    if (!match) return false;
    if (!silent) {
      const icon = findIcon(match[1], match[2]);
      if (icon) {
        const token = state.push('icon', 'span', 0);
        token.attrSet('class', 'twemoji');
        token.meta = { icon };
      } else {
        const environment = state.env as PageEnvironment;
        environment.report({
          severity: 'info',
          code: 'icon-unknown',
          message: `There is no icon "${match[0]}".`,
          fix: 'Use an icon of Material (":material-…:"), Octicons (":octicons-…-16:") or Simple Icons (":simple-…:"), or an emoji.',
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
    environment.trusted.push(token.meta.icon);
    const classes = markdown.utils.escapeHtml(token.attrGet('class') ?? '');
    return `<span class="${classes}">\uE000${
      environment.trusted.length - 1
    }\uE001</span>`;
  };
}
