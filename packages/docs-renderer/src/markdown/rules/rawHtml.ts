import type MarkdownIt from 'markdown-it';
import type { PageEnvironment } from '../PageEnvironment';

const OPENING_TAG = /<([a-zA-Z][\w-]*)/g;

/** HTML that the author wrote goes into the page as it is, to be sanitised there; where it stands is remembered. */
export function rawHtml(markdown: MarkdownIt): void {
  markdown.core.ruler.push('raw_html', state => {
    const environment = state.env as PageEnvironment;
    let last = 0;
    for (const token of state.tokens) {
      if (token.map) last = token.map[0];
      if (token.type === 'html_block') {
        noteElements(token.content, last, environment);
      }
      let line = last;
      for (const child of token.children ?? []) {
        if (child.type === 'softbreak' || child.type === 'hardbreak') line++;
        if (child.type === 'html_inline') {
          noteElements(child.content, line, environment);
        }
      }
    }
  });
  const { rules } = markdown.renderer;
  const asItIs: (typeof rules)['html_block'] = (tokens, index, _, env) => {
    (env as PageEnvironment).hasRawHtml = true;
    return tokens[index].content;
  };
  rules.html_inline = asItIs;
  rules.html_block = asItIs;
}

function noteElements(
  html: string,
  line: number,
  { elements, lineOf }: PageEnvironment,
): void {
  let at = 0;
  let current = line;
  for (const tag of html.matchAll(OPENING_TAG)) {
    const name = tag[1].toLowerCase();
    for (; at < tag.index; at++) if (html[at] === '\n') current++;
    if (!elements.has(name)) elements.set(name, lineOf(current));
  }
}
