import type MarkdownIt from 'markdown-it';
import type { Delimiter, StateInline } from '../parserTypes';

interface DelimitedTextOptions {
  /** Name of the rule and of its tokens. */
  readonly name: string;
  /** The character that is doubled. */
  readonly marker: '=' | '^' | '~';
  readonly tag: string;
}

/** `==mark==`, `^^insert^^` and `~~delete~~`: a doubled character around text, matched as emphasis is. */
export function delimitedText(
  markdown: MarkdownIt,
  options: DelimitedTextOptions,
): void {
  const { name, marker, tag } = options;
  const code = marker.charCodeAt(0);

  markdown.inline.ruler.before(
    'emphasis',
    name,
    (state: StateInline, silent: boolean) => {
      if (silent || state.src.charCodeAt(state.pos) !== code) return false;
      const scanned = state.scanDelims(state.pos, true);
      if (scanned.length < 2) return false;
      let left = scanned.length;
      if (left % 2) {
        state.push('text', '', 0).content = marker;
        left--;
      }
      for (let index = 0; index < left; index += 2) {
        state.push('text', '', 0).content = marker + marker;
        state.delimiters.push({
          marker: code,
          length: 0,
          token: state.tokens.length - 1,
          end: -1,
          open: scanned.can_open,
          close: scanned.can_close,
        });
      }
      state.pos += scanned.length;
      return true;
    },
  );

  const pair = (state: StateInline, delimiters: readonly Delimiter[]) => {
    for (const start of delimiters) {
      if (start.marker !== code || start.end === -1) continue;
      const end = delimiters[start.end];
      for (const [at, nesting] of [
        [start.token, 1],
        [end.token, -1],
      ] as const) {
        const token = state.tokens[at];
        token.type = nesting === 1 ? `${name}_open` : `${name}_close`;
        token.tag = tag;
        token.nesting = nesting;
        token.markup = marker + marker;
        token.content = '';
      }
    }
  };
  markdown.inline.ruler2.before('emphasis', name, state => {
    pair(state, state.delimiters);
    for (const meta of state.tokens_meta) {
      if (meta?.delimiters) pair(state, meta.delimiters);
    }
    return true;
  });
}

const MAX_RAISED = 200;

/** `H~2~O` and `x^2^`: one character around text without spaces, unless they are escaped. */
export function raisedText(
  markdown: MarkdownIt,
  options: {
    readonly name: string;
    readonly marker: '^' | '~';
    readonly tag: string;
  },
): void {
  const { name, marker, tag } = options;
  const code = marker.charCodeAt(0);
  markdown.inline.ruler.after(
    'emphasis',
    name,
    (state: StateInline, silent: boolean) => {
      const { pos, posMax, src } = state;
      if (src.charCodeAt(pos) !== code || silent) return false;
      if (src.charCodeAt(pos + 1) === code) return false;
      let end = pos + 1;
      const limit = Math.min(posMax, pos + MAX_RAISED);
      while (end < limit && src.charCodeAt(end) !== code) {
        const character = src.charCodeAt(end);
        if (character === 0x5c) end++;
        else if (character === 0x20 || character === 0x0a) return false;
        end++;
      }
      if (end >= limit || end === pos + 1) return false;
      state.push(`${name}_open`, tag, 1).markup = marker;
      state.push('text', '', 0).content = src
        .slice(pos + 1, end)
        .replace(/\\([ \\!"#$%&'()*+,./:;<=>?@[\]^_`{|}~-])/g, '$1');
      state.push(`${name}_close`, tag, -1).markup = marker;
      state.pos = end + 1;
      return true;
    },
  );
}
