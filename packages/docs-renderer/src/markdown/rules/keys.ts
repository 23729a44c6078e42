import type MarkdownIt from 'markdown-it';
import { KEY_ALIASES, KEY_NAMES } from './keyNames';

const KEY = `(?:"[^"\n]+"|'[^'\n]+'|[\\w-]+)`;
const PATTERN = new RegExp(`^\\+\\+(${KEY}(?:\\+${KEY})*)\\+\\+`);
const KEYS = new RegExp(KEY, 'g');

/**
 * `++ctrl+alt+del++`. Only known keys, single characters and quoted text count, so that `C++` and `i++` stay what
 * they are.
 *
 * https://facelessuser.github.io/pymdown-extensions/extensions/keys/
 */
export function keys(markdown: MarkdownIt): void {
  markdown.inline.ruler.before('emphasis', 'keys', (state, silent) => {
    if (state.src.charCodeAt(state.pos) !== 0x2b) return false;
    const match = PATTERN.exec(state.src.slice(state.pos, state.pos + 120));
    if (!match) return false;
    const pressed = [...match[1].matchAll(KEYS)].map(([name]) =>
      describe(name),
    );
    if (pressed.some(key => key === undefined)) return false;
    if (!silent) {
      state.push('keys_open', 'span', 1).attrSet('class', 'keys');
      pressed.forEach((key, index) => {
        if (index > 0) {
          state.push('keys_plus_open', 'span', 1);
          state.push('text', '', 0).content = '+';
          state.push('keys_plus_close', 'span', -1);
        }
        const kbd = state.push('key_open', 'kbd', 1);
        if (key![0]) kbd.attrSet('class', `key-${key![0]}`);
        state.push('text', '', 0).content = key![1];
        state.push('key_close', 'kbd', -1);
      });
      state.push('keys_close', 'span', -1);
    }
    state.pos += match[0].length;
    return true;
  });
}

function describe(name: string): readonly [string, string] | undefined {
  const quoted = /^(["'])(.+)\1$/.exec(name);
  if (quoted) return ['', quoted[2]];
  const lower = name.toLowerCase();
  const known = KEY_ALIASES.get(lower) ?? lower;
  const shown = KEY_NAMES.get(known);
  if (shown) return [known, shown];
  if (/^[a-z0-9]$/.test(lower)) return [lower, lower.toUpperCase()];
  const functionKey = /^f([1-9]|1\d|2[0-4])$/.exec(lower);
  return functionKey ? [lower, lower.toUpperCase()] : undefined;
}
