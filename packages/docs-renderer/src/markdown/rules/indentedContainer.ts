import type { StateBlock } from '../parserTypes';

/** How far the content of an admonition, a tab and the like is indented. */
const INDENT = 4;

/** First line after the indented content that starts at `line`. Blank lines at the end do not belong to it. */
export function endOfIndented(
  state: StateBlock,
  line: number,
  endLine: number,
  indent: number,
): number {
  let last = line;
  for (let next = line; next < endLine; next++) {
    if (state.isEmpty(next)) continue;
    if (state.sCount[next] < indent + INDENT) break;
    last = next + 1;
  }
  return last;
}

/** Parses the lines as the content of a container whose marker stands at `indent`. */
export function tokenizeIndented(
  state: StateBlock,
  line: number,
  endLine: number,
  indent: number,
): void {
  const { blkIndent, lineMax, parentType, tight } = state;
  state.blkIndent = indent + INDENT;
  state.lineMax = endLine;
  state.parentType = 'blockquote';
  state.md.block.tokenize(state, line, endLine);
  state.parentType = parentType;
  state.lineMax = lineMax;
  state.blkIndent = blkIndent;
  state.tight = tight;
}

/** Text of a line without its indentation. */
export function lineText(state: StateBlock, line: number): string {
  return state.src.slice(
    state.bMarks[line] + state.tShift[line],
    state.eMarks[line],
  );
}
