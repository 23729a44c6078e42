import type MarkdownIt from 'markdown-it';
import { parse } from 'yaml';
import type { PageEnvironment } from '../PageEnvironment';
import type { StateBlock, Token } from '../parserTypes';
import { closeAdmonition, openAdmonition, titleOf } from './admonitions';
import { pushTabSet } from './contentTabs';
import { lineText } from './indentedContainer';

const HEAD = /^(\/{3,})[ \t]*([a-z][\w-]*)[ \t]*(?:\|[ \t]*(.*?))?[ \t]*$/;
const FENCE = /^(`{3,}|~{3,})/;
const MAX_OPTIONS = 2000;

/** Names that are an admonition or details of that type. */
const KINDS = new Set(
  'note abstract info tip success question warning failure danger bug example quote attention caution error hint'.split(
    ' ',
  ),
);

interface Block {
  readonly name: string;
  readonly argument: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly startLine: number;
  readonly contentLine: number;
  readonly closeLine: number;
}

/**
 * `/// note | Title`, with its content up to a line of as many slashes: admonitions, details, tabs, definitions, HTML and
 * captions.
 *
 * https://facelessuser.github.io/pymdown-extensions/extensions/blocks/
 */
export function blocks(markdown: MarkdownIt): void {
  markdown.block.ruler.before('fence', 'blocks', genericBlock, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  });
}

function genericBlock(
  state: StateBlock,
  startLine: number,
  endLine: number,
  silent: boolean,
): boolean {
  const environment = state.env as PageEnvironment;
  if (!environment.options.blocks) return false;
  const block = readBlock(state, startLine, endLine);
  if (!block) return false;
  const write = writerOf(block.name);
  if (!write) return false;
  if (silent) return true;
  state.line = block.closeLine + 1;
  write(state, block, endLine);
  return true;
}

function readBlock(
  state: StateBlock,
  startLine: number,
  endLine: number,
): Block | undefined {
  if (state.sCount[startLine] - state.blkIndent >= 4) return undefined;
  const head = HEAD.exec(lineText(state, startLine));
  if (!head) return undefined;
  const closeLine = findEnd(state, startLine + 1, endLine, head[1]);
  if (closeLine === undefined) {
    const environment = state.env as PageEnvironment;
    if (writerOf(head[2])) {
      environment.report({
        severity: 'warning',
        code: 'block-unclosed',
        message: `The block "${head[2]}" is never closed.`,
        fix: `Write "${head[1]}" in a line of its own where it ends.`,
        line: environment.lineOf(startLine),
        column: 1,
      });
    }
    return undefined;
  }
  let contentLine = startLine + 1;
  let text = '';
  while (
    contentLine < closeLine &&
    !state.isEmpty(contentLine) &&
    state.sCount[contentLine] >= state.sCount[startLine] + 4
  ) {
    text += `${lineText(state, contentLine++)}\n`;
  }
  return {
    name: head[2],
    argument: head[3] ?? '',
    options: readOptions(text),
    startLine,
    contentLine,
    closeLine,
  };
}

function findEnd(
  state: StateBlock,
  from: number,
  endLine: number,
  slashes: string,
): number | undefined {
  let fence: string | undefined;
  for (let line = from; line < endLine; line++) {
    const text = lineText(state, line).trimEnd();
    const mark = FENCE.exec(text)?.[1];
    if (fence) {
      if (mark?.startsWith(fence)) fence = undefined;
    } else if (mark) fence = mark;
    else if (text === slashes) return line;
  }
  return undefined;
}

function readOptions(text: string): Block['options'] {
  if (!text || text.length > MAX_OPTIONS) return {};
  try {
    const options: unknown = parse(text, { maxAliasCount: 0 });
    return typeof options === 'object' && options !== null
      ? (options as Block['options'])
      : {};
  } catch {
    // Not YAML: the block is shown without it
    return {};
  }
}

type Writer = (state: StateBlock, block: Block, endLine: number) => void;

const WRITERS: ReadonlyMap<string, Writer> = new Map<string, Writer>([
  ['admonition', admonition],
  ['details', details],
  ['tab', tab],
  ['define', definition],
  ['html', html],
  ['caption', (state, block) => caption(state, block)],
  ['figure-caption', (state, block) => caption(state, block, 'figure')],
  ['table-caption', (state, block) => caption(state, block, 'table')],
]);

function writerOf(name: string): Writer | undefined {
  return WRITERS.get(name) ?? (KINDS.has(name) ? admonition : undefined);
}

function content(state: StateBlock, block: Block): void {
  const { line, lineMax, parentType } = state;
  state.lineMax = block.closeLine;
  state.parentType = 'blockquote';
  state.md.block.tokenize(state, block.contentLine, block.closeLine);
  state.parentType = parentType;
  state.lineMax = lineMax;
  state.line = line;
}

function admonition(state: StateBlock, block: Block): void {
  box(state, block, false);
}

function details(state: StateBlock, block: Block): void {
  box(state, block, true);
}

function box(state: StateBlock, block: Block, collapsible: boolean): void {
  const { name, options, argument } = block;
  const given = textOf(options.type) ?? (KINDS.has(name) ? name : '');
  const kinds = given.split(/\s+/).filter(kind => /^[\w-]+$/.test(kind));
  openAdmonition(state, {
    kinds: kinds.map(kind => kind.toLowerCase()),
    title: argument || titleOf(kinds[0]),
    collapsible,
    open: options.open === true,
    lines: [block.startLine, block.closeLine + 1],
  });
  content(state, block);
  closeAdmonition(state, collapsible);
}

/** Neighbouring tabs make one set, until one says that it is new. */
function tab(state: StateBlock, first: Block, endLine: number): void {
  const tabs = [first];
  for (;;) {
    let line = tabs[tabs.length - 1].closeLine + 1;
    while (line < endLine && state.isEmpty(line)) line++;
    if (line >= endLine) break;
    const next = readBlock(state, line, endLine);
    if (next?.name !== 'tab' || next.options.new === true) break;
    tabs.push(next);
  }
  const { closeLine } = tabs[tabs.length - 1];
  pushTabSet(
    state,
    tabs.map(each => ({
      label: each.argument,
      selected: each.options.select === true,
      line: each.startLine,
      writeContent: () => content(state, each),
    })),
    [first.startLine, closeLine + 1],
  );
  state.line = closeLine + 1;
}

/** Paragraphs are terms, lists their definitions. */
function definition(state: StateBlock, block: Block): void {
  const list = state.push('define_open', 'dl', 1);
  list.block = true;
  list.map = [block.startLine, block.closeLine + 1];
  const from = state.tokens.length;
  content(state, block);
  const base = list.level + 1;
  const inside = state.tokens.splice(from);
  for (const token of inside) {
    const { level, type } = token;
    const isList = level === base && /^(?:bullet|ordered)_list_/.test(type);
    if (!isList) state.tokens.push(token);
    if (level === base && /^paragraph_/.test(type)) {
      token.tag = 'dt';
      token.hidden = false;
    } else if (level === base + 1 && /^list_item_/.test(type)) {
      token.tag = 'dd';
    }
  }
  state.push('define_close', 'dl', -1).block = true;
}

const VOID = /^(?:br|hr|img|input|wbr|source|track)$/;

/** `div.class#id[attribute="value"]`, cleaned as all HTML of a page is. */
function html(state: StateBlock, block: Block): void {
  const environment = state.env as PageEnvironment;
  const tag = /^[a-z][a-z0-9]*/i.exec(block.argument)?.[0].toLowerCase();
  if (!tag) {
    content(state, block);
    return;
  }
  environment.hasRawHtml = true;
  const attributes = readAttributes(block.argument.slice(tag.length));
  for (const [name, value] of Object.entries(block.options.attrs ?? {})) {
    if (/^[\w-]+$/.test(name)) attributes.set(name, textOf(value) ?? '');
  }
  const written = [...attributes]
    .map(([name, value]) => ` ${name}="${state.md.utils.escapeHtml(value)}"`)
    .join('');
  state.push('html_block', '', 0).content = `<${tag}${written}>\n`;
  content(state, block);
  if (!VOID.test(tag)) {
    state.push('html_block', '', 0).content = `</${tag}>\n`;
  }
}

const SELECTOR =
  /\.([\w-]+)|#([\w-]+)|\[([\w-]+)(?:=(?:"([^"]*)"|'([^']*)'|([^\]\s]*)))?\]/g;

function readAttributes(selector: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const match of selector.matchAll(SELECTOR)) {
    if (match[1]) {
      const known = found.get('class');
      found.set('class', known ? `${known} ${match[1]}` : match[1]);
    } else if (match[2]) found.set('id', match[2]);
    else found.set(match[3], match[4] ?? match[5] ?? match[6] ?? '');
  }
  return found;
}

/** Puts the block before it into a figure. */
function caption(
  state: StateBlock,
  block: Block,
  kind?: 'figure' | 'table',
): void {
  const environment = state.env as PageEnvironment;
  const from = startOfLastBlock(state);
  const figure = new state.Token('figure_open', 'figure', 1);
  figure.block = true;
  const number = kind && ++environment.captions[kind];
  if (kind) figure.attrSet('id', `__${kind}-caption_${number}`);
  figure.level = state.level;
  if (from === undefined) state.tokens.push(figure);
  else state.tokens.splice(from, 0, figure);
  state.push('figcaption_open', 'figcaption', 1).block = true;
  const first = state.tokens.length;
  content(state, block);
  if (kind) {
    const text = state.tokens
      .slice(first)
      .find(token => token.type === 'inline');
    const title = kind === 'figure' ? 'Figure' : 'Table';
    if (text) text.content = `**${title} ${number}.** ${text.content}`;
  }
  state.push('figcaption_close', 'figcaption', -1).block = true;
  const end = new state.Token('figure_close', 'figure', -1);
  end.block = true;
  end.level = state.level;
  state.tokens.push(end);
}

function startOfLastBlock(state: StateBlock): number | undefined {
  const last: Token | undefined = state.tokens[state.tokens.length - 1];
  if (!last || last.nesting === 1) return undefined;
  if (last.nesting === 0) return state.tokens.length - 1;
  for (let index = state.tokens.length - 2; index >= 0; index--) {
    const token = state.tokens[index];
    if (token.nesting === 1 && token.level === last.level) return index;
  }
  return undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : undefined;
}
