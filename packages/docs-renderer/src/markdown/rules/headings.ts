import type MarkdownIt from 'markdown-it';
import type { StateBlock, StateCore, Token } from '../parserTypes';
import type { PageEnvironment } from '../PageEnvironment';
import { slugify, uniqueId } from '../slugify';

/** Ids, permalinks and the table of contents. */
export function headings(markdown: MarkdownIt): void {
  markdown.block.ruler.at('heading', heading, {
    alt: ['paragraph', 'reference', 'blockquote'],
  });
  markdown.core.ruler.push('headings', state => {
    const environment = state.env as PageEnvironment;
    const { tokens } = state;
    for (let index = 0; index < tokens.length; index++) {
      if (tokens[index].type === 'heading_open') {
        finishHeading(state, environment, tokens[index], tokens[index + 1]);
      }
    }
  });
}

/** ATX headings. Python-Markdown does not ask for the space after `#`, and many pages leave it out. */
function heading(
  state: StateBlock,
  startLine: number,
  _endLine: number,
  silent: boolean,
): boolean {
  if (state.sCount[startLine] - state.blkIndent >= 4) return false;
  const start = state.bMarks[startLine] + state.tShift[startLine];
  if (state.src.charCodeAt(start) !== 0x23) return false;
  const text = state.src.slice(start, state.eMarks[startLine]);
  const level = /^#{1,6}/.exec(text)![0].length;
  const after = text.charAt(level);
  if (after && !/[ \t\p{L}\p{N}`*]/u.test(after)) return false;
  if (after && !/[ \t]/.test(after) && state.parentType === 'paragraph') {
    return false;
  }
  if (silent) return true;
  const { options } = state.env as PageEnvironment;
  const tag = `h${Math.min(level + options.baseLevel - 1, 6)}`;
  const open = state.push('heading_open', tag, 1);
  open.markup = '#'.repeat(level);
  open.map = [startLine, startLine + 1];
  const inline = state.push('inline', '', 0);
  inline.content = withoutClosing(text.slice(level).trim());
  inline.map = open.map;
  inline.children = [];
  state.push('heading_close', tag, -1).markup = open.markup;
  state.line = startLine + 1;
  return true;
}

/** Takes the closing `##` off. Scanned, because a pattern takes forever on a line of many. */
function withoutClosing(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x23) end--;
  if (end === text.length || text.charAt(end - 1) === '\\') return text;
  return text.slice(0, end).trimEnd();
}

function finishHeading(
  state: StateCore,
  environment: PageEnvironment,
  open: Token,
  inline: Token,
): void {
  const { options, ids, toc } = environment;
  const children = inline.children ?? [];
  const title = plainText(children).trim();
  const line = open.map ? environment.lineOf(open.map[0]) : undefined;
  const own = open.attrGet('id');
  if (own && ids.has(own)) {
    environment.report({
      severity: 'warning',
      code: 'anchor-duplicate',
      message: `The anchor "${own}" is used twice: links to it reach the first, in line ${ids.get(
        own,
      )}.`,
      fix: 'Give one of the two headings another {#id}.',
      line,
      column: 1,
    });
  }
  const id = own ?? uniqueId(slugify(title, options), ids);
  ids.set(id, line ?? 0);
  open.attrSet('id', id);
  const level = Number(open.tag.slice(1));
  const [highest, deepest] = options.tocDepth;
  if (level >= highest && level <= deepest) {
    toc.push({
      level,
      id,
      title,
      html: renderTitle(state, children, environment),
    });
  }
  if (options.permalink !== false) {
    const link = new state.Token('permalink', '', 0);
    link.meta = { id, sign: options.permalink };
    inline.children = [...children, link];
  }
}

/** Text of inline tokens, as a reader sees it. */
export function plainText(children: readonly Token[]): string {
  let text = '';
  for (const token of children) {
    if (token.type === 'text' || token.type === 'code_inline') {
      text += token.content;
    } else if (token.type === 'softbreak' || token.type === 'hardbreak') {
      text += ' ';
    } else if (token.type === 'emoji') text += token.content;
    else if (token.type === 'text_special') text += token.content;
  }
  return text;
}

function renderTitle(
  state: StateCore,
  children: readonly Token[],
  environment: PageEnvironment,
): string {
  const shown = children.filter(
    token =>
      ![
        'link_open',
        'link_close',
        'image',
        'footnote_ref',
        'html_inline',
      ].includes(token.type),
  );
  return state.md.renderer
    .renderInline(shown as Token[], state.md.options, environment)
    .trim();
}
