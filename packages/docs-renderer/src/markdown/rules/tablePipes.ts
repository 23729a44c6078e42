import type MarkdownIt from 'markdown-it';
import type { StateBlock } from '../parserTypes';

/** Stands for a pipe in code, which is no border of a cell. Taken out of what authors write. */
const PIPE = '\u{e004}';
const CODE = /(?<![`\\])(`+)(?!`)([^\n]*?[^`\n])\1(?!`)/g;
const DELIMITERS = /^[ \t]*\|?[ \t]*:?-+[|:\- \t]*$/;

/**
 * Pipes in code are part of the cell, as in Python-Markdown; CommonMark's tables end the cell there.
 *
 * https://python-markdown.github.io/extensions/tables/
 */
export function tablePipes(markdown: MarkdownIt): void {
  const table = ruleOf(markdown, 'table');
  markdown.block.ruler.at(
    'table',
    (state, startLine, endLine, silent) => {
      const source = state.src;
      // Whether there is a table is said by its first two lines
      const hidden = hidePipes(
        state,
        startLine,
        silent ? Math.min(startLine + 2, endLine) : endLine,
      );
      if (hidden === undefined) {
        return table(state, startLine, endLine, silent);
      }
      const before = state.tokens.length;
      state.src = hidden;
      try {
        return table(state, startLine, endLine, silent);
      } finally {
        state.src = source;
        for (const token of state.tokens.slice(before)) {
          if (token.type === 'inline') {
            token.content = token.content.replaceAll(PIPE, '|');
          }
        }
      }
    },
    { alt: ['paragraph', 'reference'] },
  );
}

type BlockRule = (
  state: StateBlock,
  startLine: number,
  endLine: number,
  silent: boolean,
) => boolean;

/** The rule that markdown-it brings: asked for among the active ones, where rules have no names. */
function ruleOf(markdown: MarkdownIt, name: string): BlockRule {
  const { ruler } = markdown.block;
  const all = ruler.getRules('');
  ruler.disable(name);
  const others = new Set(ruler.getRules(''));
  ruler.enable(name);
  const found = all.find(rule => !others.has(rule));
  if (!found) throw new Error(`markdown-it has no rule "${name}"`);
  return found;
}

/** The text with pipes in code taken out, of the same length; undefined when there are none. */
function hidePipes(
  state: StateBlock,
  startLine: number,
  endLine: number,
): string | undefined {
  if (startLine + 2 > endLine) return undefined;
  const second = state.src.slice(
    state.bMarks[startLine + 1],
    state.eMarks[startLine + 1],
  );
  if (!DELIMITERS.test(second)) return undefined;
  let last = startLine;
  while (last + 1 < endLine && !state.isEmpty(last + 1)) last++;
  const from = state.bMarks[startLine];
  const to = state.eMarks[last];
  const text = state.src.slice(from, to);
  if (!text.includes('`')) return undefined;
  const hidden = text.replace(CODE, code =>
    // GitHub asks for \| in code, and shows it as a pipe
    code.replace(/(?<!\\)\|/g, PIPE),
  );
  return hidden === text
    ? undefined
    : state.src.slice(0, from) + hidden + state.src.slice(to);
}
