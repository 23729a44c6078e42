import type MarkdownIt from 'markdown-it';
import type { PageEnvironment, TocEntry } from '../PageEnvironment';

/** `[TOC]` in a line of its own: the page's headings as a list. */
export function tableOfContentsMarker(markdown: MarkdownIt): void {
  markdown.core.ruler.push('toc_marker', state => {
    state.tokens.forEach((token, index) => {
      if (token.type !== 'inline' || token.content.trim() !== '[TOC]') return;
      if (state.tokens[index - 1]?.type !== 'paragraph_open') return;
      const open = state.tokens[index - 1];
      open.tag = 'div';
      open.attrSet('class', 'toc');
      state.tokens[index + 1].tag = 'div';
      token.children = [new state.Token('toc', '', 0)];
    });
  });
  markdown.renderer.rules.toc = (_tokens, _index, _options, env) =>
    renderList((env as PageEnvironment).toc);
}

function renderList(entries: readonly TocEntry[]): string {
  let html = '';
  let index = 0;
  const list = (level: number): string => {
    let items = '';
    while (index < entries.length && entries[index].level >= level) {
      const entry = entries[index++];
      const inner =
        index < entries.length && entries[index].level > entry.level
          ? list(entries[index].level)
          : '';
      items += `<li><a href="#${entry.id}">${entry.html}</a>${inner}</li>\n`;
    }
    return `<ul>\n${items}</ul>\n`;
  };
  while (index < entries.length) html += list(entries[index].level);
  return html;
}
