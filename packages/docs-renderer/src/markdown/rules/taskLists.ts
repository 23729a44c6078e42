import type MarkdownIt from 'markdown-it';

const BOX = /^\[([ xX])\][ \t]+/;

/** `- [x] done` in Material's form. */
export function taskLists(markdown: MarkdownIt): void {
  markdown.core.ruler.after('block', 'task_lists', state => {
    const { tokens } = state;
    for (let index = 2; index < tokens.length; index++) {
      const inline = tokens[index];
      const item = tokens[index - 2];
      if (inline.type !== 'inline' || item.type !== 'list_item_open') continue;
      const match = BOX.exec(inline.content);
      if (!match) continue;
      inline.content = inline.content.slice(match[0].length);
      item.attrJoin('class', 'task-list-item');
      const list = tokens
        .slice(0, index - 2)
        .findLast(
          token =>
            token.level === item.level - 1 &&
            /^(bullet|ordered)_list_open$/.test(token.type),
        );
      if (list && list.attrGet('class') !== 'task-list') {
        list.attrJoin('class', 'task-list');
      }
      inline.meta = { ...inline.meta, task: match[1] !== ' ' };
    }
  });
  markdown.core.ruler.after('inline', 'task_boxes', state => {
    for (const token of state.tokens) {
      if (token.type !== 'inline' || token.meta?.task === undefined) continue;
      const checked = token.meta.task as boolean;
      const box = new state.Token('task_box', '', 0);
      box.meta = { checked };
      token.children?.unshift(box);
    }
  });
  markdown.renderer.rules.task_box = (tokens, index) =>
    `<label class="task-list-control"><input type="checkbox" disabled="disabled" aria-label="${
      tokens[index].meta.checked ? 'Done' : 'To do'
    }"${
      tokens[index].meta.checked ? ' checked="checked"' : ''
    } /><span class="task-list-indicator"></span></label> `;
}
