import type MarkdownIt from 'markdown-it';
import type { StateBlock } from '../parserTypes';
import type { PageEnvironment } from '../PageEnvironment';
import { endOfIndented, lineText, tokenizeIndented } from './indentedContainer';

const MARKER =
  /^(!!!|\?\?\?\+?)[ \t]*(?:([\w-]+(?:[ \t]+[\w-]+)*))?(?:[ \t]+"(.*?)"|[ \t]*(?<=[ \t])"(.*?)")?[ \t]*$/;

/**
 * `!!! note "Title"` and, collapsible, `??? note` and `???+ note`, with their content indented by four spaces.
 *
 * https://python-markdown.github.io/extensions/admonition/
 * https://facelessuser.github.io/pymdown-extensions/extensions/details/
 */
export function admonitions(markdown: MarkdownIt): void {
  markdown.block.ruler.before('fence', 'admonition', admonition, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  });
}

function admonition(
  state: StateBlock,
  startLine: number,
  endLine: number,
  silent: boolean,
): boolean {
  const indent = state.sCount[startLine];
  if (indent - state.blkIndent >= 4) return false;
  const first = state.src.charCodeAt(
    state.bMarks[startLine] + state.tShift[startLine],
  );
  if (first !== 0x21 && first !== 0x3f) return false;
  const match = MARKER.exec(lineText(state, startLine));
  if (!match) return false;
  const title = match[3] ?? match[4];
  if (!match[2] && (title === undefined || match[1] === '!!!')) return false;
  if (silent) return true;

  const collapsible = match[1] !== '!!!';
  const classes = (match[2] ?? '').split(/[ \t]+/).filter(Boolean);
  const kinds = classes.map(name => name.toLowerCase());
  const end = endOfIndented(state, startLine + 1, endLine, indent);
  if (end === startLine + 1) reportUnindented(state, startLine, endLine);
  openAdmonition(state, {
    kinds,
    title: title ?? titleOf(classes[0]),
    collapsible,
    open: match[1] === '???+',
    lines: [startLine, end],
  });
  tokenizeIndented(state, startLine + 1, end, indent);
  closeAdmonition(state, collapsible);
  state.line = end;
  return true;
}

interface AdmonitionOptions {
  readonly kinds: readonly string[];
  /** An empty title leaves the title bar out. */
  readonly title: string;
  readonly collapsible: boolean;
  readonly open: boolean;
  readonly lines: [number, number];
}

/** The opening tokens of an admonition, title bar included. */
export function openAdmonition(
  state: StateBlock,
  options: AdmonitionOptions,
): void {
  const { kinds, title, collapsible, open, lines } = options;
  const outer = state.push(
    'admonition_open',
    collapsible ? 'details' : 'div',
    1,
  );
  outer.block = true;
  outer.map = lines;
  const classes = collapsible ? kinds : ['admonition', ...kinds];
  if (classes.length > 0) outer.attrSet('class', classes.join(' '));
  if (open) outer.attrSet('open', 'open');
  if (!title && !collapsible) return;
  const bar = state.push(
    'admonition_title_open',
    collapsible ? 'summary' : 'p',
    1,
  );
  if (!collapsible) bar.attrSet('class', 'admonition-title');
  bar.block = true;
  bar.map = [lines[0], lines[0] + 1];
  const inline = state.push('inline', '', 0);
  inline.content = title;
  inline.map = [lines[0], lines[0] + 1];
  inline.children = [];
  state.push(
    'admonition_title_close',
    collapsible ? 'summary' : 'p',
    -1,
  ).block = true;
}

/** The closing token of an admonition. */
export function closeAdmonition(state: StateBlock, collapsible: boolean): void {
  state.push('admonition_close', collapsible ? 'details' : 'div', -1).block =
    true;
}

/** The title of an admonition that has none: its first kind. */
export function titleOf(kind: string | undefined): string {
  if (!kind) return '';
  return kind.charAt(0).toUpperCase() + kind.slice(1).toLowerCase();
}

function reportUnindented(
  state: StateBlock,
  startLine: number,
  endLine: number,
): void {
  if (startLine + 1 >= endLine || state.isEmpty(startLine + 1)) return;
  const environment = state.env as PageEnvironment;
  environment.report({
    severity: 'warning',
    code: 'block-unclosed',
    message: 'The text below this line is not part of the box.',
    fix: 'Indent it by four spaces.',
    line: environment.lineOf(startLine),
    column: 1,
  });
}
