import type MarkdownIt from 'markdown-it';
import type { StateBlock } from '../parserTypes';
import type { PageEnvironment } from '../PageEnvironment';

/** Elements that start a block of raw HTML when a line begins with them. */
const BLOCK_ELEMENTS = new Set(
  (
    'address article aside blockquote body canvas center colgroup dd details dialog dir div dl dt fieldset ' +
    'figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe legend li ' +
    'link main map math menu meta nav noscript object ol optgroup option output p pre progress script section ' +
    'style summary svg table tbody td template tfoot th thead title tr ul video audio swagger-ui'
  ).split(' '),
);

const VOID_ELEMENTS = new Set(
  'area base br col embed hr img input link meta param source track wbr'.split(
    ' ',
  ),
);

/** Elements whose content is text, not elements. */
const TEXT_ELEMENTS = new Set(['script', 'style', 'textarea', 'title']);

const OPENING = /^<([A-Za-z][\w-]*)((?:\s[^<>]*)?)(\/?)>/;
const STARTS = /^<(?:!--|[A-Za-z][\w-]*(?:[\s/>]|$))/;
const MAX_SCAN = 500_000;

/**
 * Blocks of raw HTML the way Python-Markdown reads them: an element ends with its closing tag, not with a blank line,
 * and what is in it is Markdown only when it says so (`<div markdown>`). `<details>` is the exception: its content is
 * Markdown after a blank line, as on the forges where most READMEs are written.
 *
 * https://python-markdown.github.io/extensions/md_in_html/
 */
export function htmlBlocks(markdown: MarkdownIt): void {
  markdown.block.ruler.at('html_block', htmlBlock, {
    alt: ['paragraph', 'reference', 'blockquote'],
  });
}

function htmlBlock(
  state: StateBlock,
  startLine: number,
  endLine: number,
  silent: boolean,
): boolean {
  if (state.sCount[startLine] - state.blkIndent >= 4) return false;
  const start = state.bMarks[startLine] + state.tShift[startLine];
  if (state.src.charCodeAt(start) !== 0x3c) return false;
  const limit = Math.min(state.eMarks[endLine - 1], start + MAX_SCAN);
  const head = state.src.slice(start, Math.min(start + 2000, limit));
  if (head.startsWith('<!--')) {
    return comment(state, start, startLine, endLine, silent);
  }
  if (head.startsWith('</')) return strayEnd(state, head, startLine, silent);
  if (!STARTS.test(head)) return false;
  const opening = OPENING.exec(head);
  if (!opening) return false;
  const name = opening[1].toLowerCase();
  const markdownMode = readMarkdownAttribute(opening[2]);
  if (!BLOCK_ELEMENTS.has(name)) return false;
  if (silent) return true;

  const environment = state.env as PageEnvironment;
  environment.hasRawHtml = true;
  const openEnd = start + opening[0].length;
  if (opening[3] || VOID_ELEMENTS.has(name)) {
    return raw(
      state,
      startLine,
      lineAt(state, openEnd, endLine, startLine) + 1,
    );
  }
  const close = findClose(state.src, openEnd, limit, name);
  if (!close) {
    if (name !== 'p' && name !== 'li' && name !== 'dt' && name !== 'dd') {
      environment.report({
        severity: 'warning',
        code: 'block-unclosed',
        message: `<${name}> is never closed.`,
        fix: `Write </${name}> where it ends.`,
        line: environment.lineOf(startLine),
        column: state.tShift[startLine] + 1,
      });
    }
    return raw(state, startLine, blankLine(state, startLine, endLine));
  }
  const closeLine = lineAt(state, close.start + 1, endLine, startLine);
  const openLine = lineAt(state, openEnd, endLine, startLine);
  const parses =
    markdownMode ??
    (name === 'details' && hasBlankLine(state, openLine, closeLine)
      ? 'block'
      : undefined);
  if (!parses || parses === '0') return raw(state, startLine, closeLine + 1);
  return parsed(state, {
    startLine,
    openEnd,
    openLine,
    close,
    closeLine,
    inline: parses === 'span',
    endLine,
  });
}

interface ParsedBlock {
  readonly startLine: number;
  readonly openEnd: number;
  readonly openLine: number;
  readonly close: { readonly start: number; readonly end: number };
  readonly closeLine: number;
  readonly inline: boolean;
  readonly endLine: number;
}

/** An element whose content is Markdown. */
function parsed(state: StateBlock, block: ParsedBlock): boolean {
  const { startLine, openEnd, openLine, close, closeLine } = block;
  const start = state.bMarks[startLine] + state.tShift[startLine];
  pushRaw(
    state,
    `${state.src
      .slice(start, openEnd)
      .replace(
        /\smarkdown(?:=(?:"[^"]*"|'[^']*'|[^\s>]*))?(?=[\s/>])/i,
        '',
      )}\n`,
    [startLine, openLine + 1],
  );
  const content = state.src.slice(openEnd, close.start);
  if (block.inline) {
    const inline = state.push('inline', '', 0);
    inline.content = content.trim();
    inline.map = [openLine, closeLine + 1];
    inline.children = [];
  } else if (openLine === closeLine || content.split('\n', 1)[0].trim()) {
    // The content begins in the line of the tag, or ends in that of the closing one
    parseText(state, content, openLine);
  } else {
    const { lineMax, blkIndent, parentType } = state;
    state.lineMax = closeLine;
    state.blkIndent = indentOf(state, openLine + 1, closeLine);
    state.parentType = 'blockquote';
    state.md.block.tokenize(state, openLine + 1, closeLine);
    state.parentType = parentType;
    state.blkIndent = blkIndent;
    state.lineMax = lineMax;
    const before = state.src.slice(state.bMarks[closeLine], close.start);
    if (before.trim()) parseText(state, before, closeLine);
  }
  pushRaw(state, `${state.src.slice(close.start, close.end)}\n`, [
    closeLine,
    closeLine + 1,
  ]);
  const rest = state.src.slice(close.end, state.eMarks[closeLine]);
  if (rest.trim()) parseText(state, rest, closeLine);
  state.line = closeLine + 1;
  return true;
}

/** The smallest indentation of the lines: content may be indented below its element. */
function indentOf(state: StateBlock, from: number, to: number): number {
  let smallest = Infinity;
  for (let line = from; line < to; line++) {
    if (!state.isEmpty(line)) smallest = Math.min(smallest, state.sCount[line]);
  }
  return Number.isFinite(smallest) ? smallest : state.blkIndent;
}

function parseText(state: StateBlock, text: string, line: number): void {
  const before = state.tokens.length;
  state.md.block.parse(text.trim(), state.md, state.env, state.tokens);
  for (let index = before; index < state.tokens.length; index++) {
    const { map } = state.tokens[index];
    if (map) state.tokens[index].map = [map[0] + line, map[1] + line];
  }
}

function pushRaw(
  state: StateBlock,
  content: string,
  map: [number, number],
): void {
  const token = state.push('html_block', '', 0);
  token.content = content;
  token.map = map;
}

const FENCE = /^(`{3,}|~{3,})([^`]*)$/;

/** Raw lines. Fenced code in them is code all the same: Python-Markdown takes fences out before it looks at HTML. */
function raw(state: StateBlock, startLine: number, endLine: number): boolean {
  let from = startLine;
  const flush = (to: number) => {
    if (to > from) {
      pushRaw(state, `${state.getLines(from, to, state.blkIndent, false)}\n`, [
        from,
        to,
      ]);
    }
  };
  for (let line = startLine + 1; line < endLine; line++) {
    const open = FENCE.exec(textOf(state, line));
    if (!open) continue;
    let close = line + 1;
    while (close < endLine && textOf(state, close).trimEnd() !== open[1]) {
      close++;
    }
    if (close >= endLine) break;
    flush(line);
    const token = state.push('fence', 'code', 0);
    token.info = open[2];
    token.content = state.getLines(line + 1, close, state.sCount[line], true);
    token.markup = open[1];
    token.map = [line, close + 1];
    from = close + 1;
    line = close;
  }
  flush(endLine);
  state.line = endLine;
  return true;
}

function textOf(state: StateBlock, line: number): string {
  return state.src.slice(
    state.bMarks[line] + state.tShift[line],
    state.eMarks[line],
  );
}

function comment(
  state: StateBlock,
  start: number,
  startLine: number,
  endLine: number,
  silent: boolean,
): boolean {
  const end = state.src.indexOf('-->', start + 4);
  const environment = state.env as PageEnvironment;
  if (silent) return end >= 0;
  if (end < 0 || end > state.eMarks[endLine - 1]) {
    environment.report({
      severity: 'warning',
      code: 'block-unclosed',
      message: 'This comment is never closed: everything below it is hidden.',
      fix: 'Write --> where it ends.',
      line: environment.lineOf(startLine),
      column: state.tShift[startLine] + 1,
    });
    state.line = endLine;
    return true;
  }
  const last = lineAt(state, end + 3, endLine, startLine);
  const rest = state.src.slice(end + 3, state.eMarks[last]);
  if (rest.trim()) parseText(state, rest, last);
  state.line = last + 1;
  return true;
}

/** A closing tag without its opening one, left to the sanitiser, which drops it. */
function strayEnd(
  state: StateBlock,
  head: string,
  startLine: number,
  silent: boolean,
): boolean {
  const name = /^<\/([A-Za-z][\w-]*)\s*>[ \t]*(?:\n|$)/.exec(head);
  if (!name || !BLOCK_ELEMENTS.has(name[1].toLowerCase())) return false;
  if (silent) return true;
  (state.env as PageEnvironment).hasRawHtml = true;
  return raw(state, startLine, startLine + 1);
}

function readMarkdownAttribute(
  attributes: string,
): 'block' | 'span' | '0' | undefined {
  const match = /\smarkdown(?:\s*=\s*["']?(\w+)["']?)?(?=[\s/]|$)/i.exec(
    attributes,
  );
  if (!match) return undefined;
  if (match[1] === '0') return '0';
  return match[1] === 'span' ? 'span' : 'block';
}

const TAG = /<!--|<(\/?)([A-Za-z][\w-]*)(?:[^<>"']|"[^"]*"|'[^']*')*?(\/?)>/g;

/** Where the element that is open at `from` is closed. */
function findClose(
  source: string,
  from: number,
  limit: number,
  name: string,
): { readonly start: number; readonly end: number } | undefined {
  if (TEXT_ELEMENTS.has(name)) {
    const end = source.slice(from, limit).toLowerCase().indexOf(`</${name}`);
    if (end < 0) return undefined;
    const close = source.indexOf('>', from + end);
    return close < 0 ? undefined : { start: from + end, end: close + 1 };
  }
  const text = source.slice(from, limit);
  let depth = 1;
  TAG.lastIndex = 0;
  for (let tag = TAG.exec(text); tag; tag = TAG.exec(text)) {
    if (tag[0] === '<!--') {
      const end = text.indexOf('-->', tag.index);
      if (end < 0) return undefined;
      TAG.lastIndex = end + 3;
    } else if (tag[2].toLowerCase() === name && !tag[3]) {
      depth += tag[1] ? -1 : 1;
      if (depth === 0) {
        return {
          start: from + tag.index,
          end: from + tag.index + tag[0].length,
        };
      }
    }
  }
  return undefined;
}

function lineAt(
  state: StateBlock,
  position: number,
  endLine: number,
  from: number,
): number {
  let line = from;
  while (line + 1 < endLine && state.bMarks[line + 1] <= position - 1) line++;
  return line;
}

function hasBlankLine(state: StateBlock, from: number, to: number): boolean {
  for (let line = from; line < to; line++) {
    if (state.isEmpty(line)) return true;
  }
  return false;
}

function blankLine(state: StateBlock, from: number, endLine: number): number {
  let line = from + 1;
  while (line < endLine && !state.isEmpty(line)) line++;
  return line;
}
