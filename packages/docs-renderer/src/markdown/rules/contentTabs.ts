import type MarkdownIt from 'markdown-it';
import type { StateBlock, Token } from '../parserTypes';
import type { PageEnvironment } from '../PageEnvironment';
import { endOfIndented, lineText, tokenizeIndented } from './indentedContainer';

const MARKER = /^===([+!]{0,2})[ \t]+"(.*?)"[ \t]*$/;

interface Tab {
  readonly label: string;
  readonly selected: boolean;
  readonly line: number;
  readonly contentEnd: number;
}

/**
 * `=== "Label"` with indented content; neighbours make one set. The HTML is that of the alternate style, which works
 * without a script: radio buttons, their labels, then the contents.
 *
 * https://facelessuser.github.io/pymdown-extensions/extensions/tabbed/
 */
export function contentTabs(markdown: MarkdownIt): void {
  markdown.block.ruler.before('fence', 'content_tabs', contentTabSet, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  });
}

function contentTabSet(
  state: StateBlock,
  startLine: number,
  endLine: number,
  silent: boolean,
): boolean {
  const indent = state.sCount[startLine];
  if (indent - state.blkIndent >= 4) return false;
  if (!MARKER.test(lineText(state, startLine))) return false;
  if (silent) return true;

  const tabs = readTabs(state, startLine, endLine, indent);
  const end = tabs[tabs.length - 1].contentEnd;
  pushTabSet(
    state,
    tabs.map(tab => ({
      ...tab,
      writeContent: () =>
        tokenizeIndented(state, tab.line + 1, tab.contentEnd, indent),
    })),
    [startLine, end],
  );
  state.line = end;
  return true;
}

/** A tab whose content is parsed when its place in the set has come. */
export interface TabToWrite {
  readonly label: string;
  readonly selected: boolean;
  readonly line: number;
  readonly writeContent: () => void;
}

/** The tokens of a set of tabs. */
export function pushTabSet(
  state: StateBlock,
  tabs: readonly TabToWrite[],
  lines: [number, number],
): void {
  const environment = state.env as PageEnvironment;
  const set = ++environment.tabSets;
  const selected = Math.max(
    tabs.findIndex(tab => tab.selected),
    0,
  );
  const outer = block(state, 'tab_set_open', 'div', 1);
  outer.attrSet('class', 'tabbed-set tabbed-alternate');
  outer.attrSet('data-tabs', `${set}:${tabs.length}`);
  outer.map = lines;
  tabs.forEach((_, index) => {
    const input = block(state, 'tab_input', 'input', 0);
    if (index === selected) input.attrSet('checked', 'checked');
    input.attrSet('id', `__tabbed_${set}_${index + 1}`);
    input.attrSet('name', `__tabbed_${set}`);
    input.attrSet('type', 'radio');
  });
  block(state, 'tab_labels_open', 'div', 1).attrSet('class', 'tabbed-labels');
  tabs.forEach((tab, index) => {
    block(state, 'tab_label_open', 'label', 1).attrSet(
      'for',
      `__tabbed_${set}_${index + 1}`,
    );
    const inline = state.push('inline', '', 0);
    inline.content = tab.label;
    inline.map = [tab.line, tab.line + 1];
    inline.children = [];
    block(state, 'tab_label_close', 'label', -1);
  });
  block(state, 'tab_labels_close', 'div', -1);
  block(state, 'tab_contents_open', 'div', 1).attrSet(
    'class',
    'tabbed-content',
  );
  for (const tab of tabs) {
    block(state, 'tab_content_open', 'div', 1).attrSet('class', 'tabbed-block');
    tab.writeContent();
    block(state, 'tab_content_close', 'div', -1);
  }
  block(state, 'tab_contents_close', 'div', -1);
  block(state, 'tab_set_close', 'div', -1);
}

function readTabs(
  state: StateBlock,
  startLine: number,
  endLine: number,
  indent: number,
): Tab[] {
  const tabs: Tab[] = [];
  let line = startLine;
  while (line < endLine) {
    const match =
      state.sCount[line] === indent && MARKER.exec(lineText(state, line));
    if (!match || (tabs.length > 0 && match[1].includes('!'))) break;
    const contentEnd = endOfIndented(state, line + 1, endLine, indent);
    tabs.push({
      label: match[2],
      selected: match[1].includes('+'),
      line,
      contentEnd,
    });
    line = contentEnd;
    while (line < endLine && state.isEmpty(line)) line++;
  }
  return tabs;
}

function block(
  state: StateBlock,
  type: string,
  tag: string,
  nesting: 1 | 0 | -1,
): Token {
  const token = state.push(type, tag, nesting);
  token.block = true;
  return token;
}
