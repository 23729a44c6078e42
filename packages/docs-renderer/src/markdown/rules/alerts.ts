import type MarkdownIt from 'markdown-it';
import type { StateCore, Token } from '../parserTypes';
import { titleOf } from './admonitions';

const MARKER = /^\[!(note|tip|important|caution|warning)\][ \t]*(.*)$/i;

/** GitHub's five kinds are four of Material's. */
const KINDS: Readonly<Record<string, string>> = {
  caution: 'danger',
  important: 'warning',
};

/** `> [!NOTE]`, GitHub's way to write an admonition, as mkdocs-github-admonitions-plugin reads it. */
export function alerts(markdown: MarkdownIt): void {
  markdown.core.ruler.after('block', 'alerts', state => {
    const { tokens } = state;
    for (let index = 0; index < tokens.length - 2; index++) {
      if (
        tokens[index].type === 'blockquote_open' &&
        tokens[index + 1].type === 'paragraph_open'
      ) {
        rewrite(state, index);
      }
    }
  });
}

function rewrite(state: StateCore, index: number): void {
  const { tokens } = state;
  const inline = tokens[index + 2];
  const [first, ...rest] = inline.content.split('\n');
  const match = MARKER.exec(first);
  if (!match) return;
  const open = tokens[index];
  const close = tokens.find(
    (token, at) =>
      at > index &&
      token.type === 'blockquote_close' &&
      token.level === open.level,
  );
  if (!close) return;
  const kind = match[1].toLowerCase();
  open.type = 'admonition_open';
  open.tag = 'div';
  open.attrSet('class', `admonition ${KINDS[kind] ?? kind}`);
  close.type = 'admonition_close';
  close.tag = 'div';
  const title = (type: string, nesting: 1 | -1): Token => {
    const token = new state.Token(type, 'p', nesting);
    token.block = true;
    return token;
  };
  const bar = title('admonition_title_open', 1);
  bar.attrSet('class', 'admonition-title');
  const text = new state.Token('inline', '', 0);
  text.content = match[2].trim() || titleOf(kind);
  text.children = [];
  text.map = inline.map;
  const head = [bar, text, title('admonition_title_close', -1)];
  if (rest.length > 0) {
    inline.content = rest.join('\n');
    tokens.splice(index + 1, 0, ...head);
  } else tokens.splice(index + 1, 3, ...head);
}
