import type MarkdownIt from 'markdown-it';
import type { StateBlock, StateInline } from '../parserTypes';
import type { PageEnvironment } from '../PageEnvironment';

const MAX_LENGTH = 10_000;

/** How each mark begins and ends. */
const MARKS = [
  { open: '{++', close: '++}', kind: 'ins' },
  { open: '{--', close: '--}', kind: 'del' },
  { open: '{~~', close: '~~}', kind: 'substitute' },
  { open: '{==', close: '==}', kind: 'mark' },
  { open: '{>>', close: '<<}', kind: 'comment' },
] as const;

/**
 * Critic markup: `{++added++}`, `{--removed--}`, `{~~old~>new~~}`, `{==marked==}`, `{>>comment<<}`.
 *
 * https://facelessuser.github.io/pymdown-extensions/extensions/critic/
 */
export function critic(markdown: MarkdownIt): void {
  markdown.inline.ruler.before('emphasis', 'critic', (state, silent) => {
    const { src, pos } = state;
    if (src.charCodeAt(pos) !== 0x7b) return false;
    const mark = MARKS.find(({ open }) => src.startsWith(open, pos));
    if (!mark) return false;
    const start = pos + 3;
    const end = src.slice(start, start + MAX_LENGTH).indexOf(mark.close);
    if (end < 0 || start + end + 3 > state.posMax) return false;
    if (!silent) {
      const text = src.slice(start, start + end);
      write(state, mark.kind, text);
    }
    state.pos = start + end + 3;
    return true;
  });
  markdown.block.ruler.before('paragraph', 'critic', criticBlock);
}

/** Ends that are not there, so that a page of beginnings is not searched again for each. */
const UNCLOSED = new WeakMap<StateBlock, Set<string>>();

/** Whole blocks: a mark on a line of its own, and its end on another. */
function criticBlock(
  state: StateBlock,
  startLine: number,
  endLine: number,
  silent: boolean,
): boolean {
  const lineOf = (line: number) =>
    state.src
      .slice(state.bMarks[line] + state.tShift[line], state.eMarks[line])
      .trimEnd();
  const first = lineOf(startLine);
  const mark = MARKS.find(
    ({ open, kind }) => open === first && (kind === 'ins' || kind === 'del'),
  );
  if (!mark || state.sCount[startLine] - state.blkIndent >= 4) return false;
  const searched = `${mark.close}${endLine}`;
  const unclosed = UNCLOSED.get(state) ?? new Set<string>();
  if (unclosed.has(searched)) return false;
  let last = startLine + 1;
  while (last < endLine && lineOf(last) !== mark.close) last++;
  if (last >= endLine) {
    UNCLOSED.set(state, unclosed.add(searched));
    return false;
  }
  if (silent) return true;
  const { critic: mode } = (state.env as PageEnvironment).options;
  const isDropped = mode === (mark.kind === 'del' ? 'accept' : 'reject');
  if (!isDropped) {
    const { lineMax } = state;
    if (mode === 'view') {
      state
        .push('critic_block_open', mark.kind, 1)
        .attrSet('class', 'critic block');
    }
    state.lineMax = last;
    state.level++;
    state.md.block.tokenize(state, startLine + 1, last);
    state.level--;
    state.lineMax = lineMax;
    if (mode === 'view') state.push('critic_block_close', mark.kind, -1);
  }
  state.line = last + 1;
  return true;
}

function write(
  state: StateInline,
  kind: (typeof MARKS)[number]['kind'],
  text: string,
): void {
  const { mode } = {
    mode: (state.env as PageEnvironment).options.critic,
  };
  const put = (tag: string, content: string, classes = 'critic') => {
    const dropped =
      (mode === 'accept' && tag === 'del') ||
      (mode === 'reject' && tag === 'ins') ||
      (mode !== 'view' && classes === 'critic comment');
    if (dropped) return;
    const plain = mode !== 'view';
    if (!plain) {
      state.push('critic_open', tag, 1).attrSet('class', classes);
    }
    inner(state, content);
    if (!plain) state.push('critic_close', tag, -1);
  };
  if (kind === 'substitute') {
    const arrow = text.indexOf('~>');
    put('del', arrow < 0 ? text : text.slice(0, arrow));
    put('ins', arrow < 0 ? '' : text.slice(arrow + 2));
  } else if (kind === 'comment') put('span', text, 'critic comment');
  else put(kind, text);
}

function inner(state: StateInline, text: string): void {
  // What stands before comes before
  if (state.pending) state.pushPending();
  for (const token of state.md.parseInline(text, state.env)[0].children ?? []) {
    token.level += state.level;
    state.tokens.push(token);
  }
}
