import type MarkdownIt from 'markdown-it';

/** Names of keys that do not show as themselves. */
const NAMES: Readonly<Record<string, readonly [string, string]>> = {
  alt: ['alt', 'Alt'],
  opt: ['option', 'Option'],
  option: ['option', 'Option'],
  ctrl: ['control', 'Ctrl'],
  control: ['control', 'Ctrl'],
  cmd: ['command', 'Cmd'],
  command: ['command', 'Cmd'],
  meta: ['meta', 'Meta'],
  shift: ['shift', 'Shift'],
  win: ['windows', 'Win'],
  windows: ['windows', 'Win'],
  super: ['super', 'Super'],
  fn: ['fn', 'Fn'],
  enter: ['enter', 'Enter'],
  return: ['enter', 'Enter'],
  tab: ['tab', 'Tab'],
  space: ['space', 'Space'],
  spacebar: ['space', 'Space'],
  esc: ['escape', 'Esc'],
  escape: ['escape', 'Esc'],
  backspace: ['backspace', 'Backspace'],
  del: ['delete', 'Del'],
  delete: ['delete', 'Del'],
  ins: ['insert', 'Ins'],
  insert: ['insert', 'Ins'],
  home: ['home', 'Home'],
  end: ['end', 'End'],
  pageup: ['page-up', 'Page Up'],
  'page-up': ['page-up', 'Page Up'],
  pagedown: ['page-down', 'Page Down'],
  'page-down': ['page-down', 'Page Down'],
  up: ['arrow-up', 'Up'],
  'arrow-up': ['arrow-up', 'Up'],
  down: ['arrow-down', 'Down'],
  'arrow-down': ['arrow-down', 'Down'],
  left: ['arrow-left', 'Left'],
  'arrow-left': ['arrow-left', 'Left'],
  right: ['arrow-right', 'Right'],
  'arrow-right': ['arrow-right', 'Right'],
  'caps-lock': ['caps-lock', 'Caps Lock'],
  'print-screen': ['print-screen', 'Print Screen'],
  plus: ['plus', '+'],
  minus: ['minus', '-'],
  comma: ['comma', ','],
  period: ['dot', '.'],
  dot: ['dot', '.'],
  slash: ['slash', '/'],
  backslash: ['backslash', '\\'],
  pipe: ['pipe', '|'],
  question: ['question', '?'],
};

const PATTERN = /^\+\+([\w"'-]+(?:\+[\w"' -]+)*)\+\+/;

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
    const pressed = match[1].split('+').map(describe);
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
  if (NAMES[lower]) return NAMES[lower];
  if (/^[a-z0-9]$/.test(lower)) return [lower, lower.toUpperCase()];
  const functionKey = /^f([1-9]|1\d|2[0-4])$/.exec(lower);
  return functionKey ? [lower, lower.toUpperCase()] : undefined;
}
