import type MarkdownIt from 'markdown-it';
import type { StateCore, Token } from '../parserTypes';

/** Attributes that an attribute list may set. `style` and handlers are not among them. */
const ALLOWED = new Set(
  (
    'id class title alt width height align loading lang dir target rel download name role start reversed ' +
    'colspan rowspan scope data-title data-description data-gallery data-caption-position data-type data-width ' +
    'data-height data-effect data-zoomable data-draggable data-desc-position decoding markdown'
  ).split(' '),
);

/** Sizes as HTML has them, and as glightbox reads them. Nothing that a style could be hidden in. */
const SIZE = /^(?:auto|\d{1,5}(?:\.\d{1,3})?(?:px|%|em|rem|vw|vh)?)$/;
const SIZED = new Set(['width', 'height', 'data-width', 'data-height']);

const AT_START = /^\{:?[ ]*([^}\n ][^}\n]*)[ ]*\}/;
const AT_END = /^\{:?[ ]*([^}\n ][^}\n]*)[ ]*\}$/;
const OWN_LINE = /^\{:[ ]*([^}\n ][^}\n]*)[ ]*\}$/;

/** Longer ones are none: patterns take long on them. */
const MAX_LENGTH = 1000;

/**
 * `{: #id .class key=value }` after a block, a heading, an inline element or a cell.
 *
 * https://python-markdown.github.io/extensions/attr_list/
 */
export function attributeLists(markdown: MarkdownIt): void {
  markdown.core.ruler.after('block', 'block_attributes', state => {
    state.tokens.forEach((token, index) => {
      if (token.type !== 'inline' || !token.content.includes('{')) return;
      blockAttributes(state, index);
    });
  });
  markdown.core.ruler.after('inline', 'inline_attributes', state => {
    for (const token of state.tokens) {
      if (token.type === 'inline' && token.children?.length) {
        if (token.content.includes('{')) inlineAttributes(token.children);
      }
    }
  });
}

function blockAttributes(state: StateCore, index: number): void {
  const { tokens } = state;
  const inline = tokens[index];
  const parent = tokens[index - 1];
  if (!parent) return;
  if (parent.type === 'heading_open' || /^t[hd]_open$/.test(parent.type)) {
    const start = inline.content.lastIndexOf('{');
    const match = exec(AT_END, inline.content.slice(start).trimEnd());
    const attributes = match && parseAttributes(match[1]);
    if (!match || !attributes || inline.content.charAt(start - 1) !== ' ') {
      return;
    }
    inline.content = inline.content.slice(0, start).trimEnd();
    apply(parent, attributes);
    return;
  }
  if (parent.type !== 'paragraph_open') return;
  const lastLine = inline.content.lastIndexOf('\n') + 1;
  const alone = lastLine === 0;
  const found = exec(
    alone ? OWN_LINE : AT_END,
    inline.content.slice(lastLine).trim(),
  );
  const attributes = found && parseAttributes(found[1]);
  if (!attributes) return;
  if (!alone) {
    inline.content = inline.content.slice(0, lastLine - 1);
    apply(
      parent.hidden ? listItem(tokens, index) ?? parent : parent,
      attributes,
    );
  } else {
    // A line of its own belongs to the block before it
    const target = blockBefore(tokens, index - 2);
    if (!target) return;
    apply(target, attributes);
    inline.content = '';
    parent.hidden = true;
    tokens[index + 1].hidden = true;
  }
}

function exec(pattern: RegExp, text: string): RegExpExecArray | null {
  return text.length > MAX_LENGTH ? null : pattern.exec(text);
}

function listItem(tokens: readonly Token[], index: number): Token | undefined {
  return tokens[index - 2]?.type === 'list_item_open'
    ? tokens[index - 2]
    : undefined;
}

function blockBefore(
  tokens: readonly Token[],
  index: number,
): Token | undefined {
  const last = tokens[index];
  if (!last) return undefined;
  if (last.nesting !== -1) return last.type === 'inline' ? undefined : last;
  for (let at = index - 1; at >= 0; at--) {
    if (tokens[at].nesting === 1 && tokens[at].level === last.level) {
      return tokens[at];
    }
  }
  return undefined;
}

function inlineAttributes(children: Token[]): void {
  for (let index = 1; index < children.length; index++) {
    const token = children[index];
    if (token.type !== 'text' || !token.content.startsWith('{')) continue;
    const before = children[index - 1];
    const target = elementBefore(children, index - 1);
    if (!target || before.type === 'text') continue;
    const match = AT_START.exec(token.content.slice(0, MAX_LENGTH));
    const attributes = match && parseAttributes(match[1]);
    if (!match || !attributes) continue;
    apply(target, attributes);
    token.content = token.content.slice(match[0].length);
  }
}

function elementBefore(
  children: readonly Token[],
  index: number,
): Token | undefined {
  const last = children[index];
  if (['image', 'code_inline', 'icon', 'trusted'].includes(last.type)) {
    return last;
  }
  if (last.nesting !== -1) return undefined;
  let depth = 0;
  for (let at = index; at >= 0; at--) {
    depth -= children[at].nesting;
    if (depth === 0) return children[at];
  }
  return undefined;
}

export interface Attributes {
  readonly id?: string;
  readonly classes: readonly string[];
  readonly others: readonly (readonly [string, string])[];
}

const PART =
  /\s*(?:#([^\s#.="'}]+)|\.([^\s.="'}]+)|([\w:-]+)=(?:"([^"]*)"|'([^']*)'|([^\s"'}]+))|([\w-]+))/y;

/** Reads the inside of an attribute list; undefined when it is something else in braces. */
export function parseAttributes(text: string): Attributes | undefined {
  let id: string | undefined;
  const classes: string[] = [];
  const others: [string, string][] = [];
  PART.lastIndex = 0;
  const trimmed = text.trim();
  while (PART.lastIndex < trimmed.length) {
    const part = PART.exec(trimmed);
    if (!part) return undefined;
    if (part[1]) id = part[1];
    else if (part[2]) classes.push(part[2]);
    else if (part[3]) {
      const name = part[3].toLowerCase();
      const value = part[4] ?? part[5] ?? part[6] ?? '';
      if (name === 'class') classes.push(...value.split(/\s+/));
      else if (name === 'id') id = value;
      else if (ALLOWED.has(name) && (!SIZED.has(name) || SIZE.test(value))) {
        others.push([name, value]);
      }
    } else if (part[7]) {
      if (ALLOWED.has(part[7])) others.push([part[7], part[7]]);
      else if (!id && classes.length === 0 && others.length === 0) {
        return undefined;
      }
    }
  }
  return { id, classes, others };
}

/** Puts attributes on the element of a token. */
export function apply(token: Token, attributes: Attributes): void {
  if (attributes.id) token.attrSet('id', attributes.id);
  for (const name of attributes.classes) token.attrJoin('class', name);
  for (const [name, value] of attributes.others) {
    if (name !== 'markdown') token.attrSet(name, value);
  }
}
