import type MarkdownIt from 'markdown-it';

/** What is written to what is shown. Longer ones come first. */
const SYMBOLS: Readonly<Record<string, string>> = {
  '(tm)': '™',
  '(c)': '©',
  '(r)': '®',
  'c/o': '℅',
  '+/-': '±',
  '<-->': '↔',
  '-->': '→',
  '<--': '←',
  '=/=': '≠',
  '1/4': '¼',
  '1/2': '½',
  '3/4': '¾',
  '1/3': '⅓',
  '2/3': '⅔',
  '1/5': '⅕',
  '2/5': '⅖',
  '3/5': '⅗',
  '4/5': '⅘',
  '1/6': '⅙',
  '5/6': '⅚',
  '1/8': '⅛',
  '3/8': '⅜',
  '5/8': '⅝',
  '7/8': '⅞',
};

const PATTERN =
  /\((?:tm|c|r)\)|\bc\/o\b|\+\/-|<-->|-->|<--|=\/=|(?<![\d/])(?:[1-7]\/[2-68])(?![\d/])/gi;

/** What every symbol and number has some of. */
const POSSIBLE = /[(/<>=]|\d(?:st|nd|rd|th)/;

const ORDINAL = /(?<![\w.,])(\d*(?:1st|2nd|3rd|[04-9]th|1[123]th))\b/;

/**
 * `(tm)`, `-->`, `1/2`, `2nd` and their like.
 *
 * https://facelessuser.github.io/pymdown-extensions/extensions/smartsymbols/
 */
export function smartSymbols(markdown: MarkdownIt): void {
  markdown.core.ruler.after('inline', 'smart_symbols', state => {
    for (const token of state.tokens) {
      if (token.type !== 'inline' || !token.children) continue;
      if (!POSSIBLE.test(token.content)) continue;
      for (let index = 0; index < token.children.length; index++) {
        const child = token.children[index];
        if (child.type !== 'text' || !POSSIBLE.test(child.content)) continue;
        const parts = child.content.split(ORDINAL);
        child.content = replaceSymbols(parts[0]);
        if (parts.length === 1) continue;
        const replacement = [child];
        for (let at = 1; at < parts.length; at += 2) {
          const ordinal = parts[at];
          const number = new state.Token('text', '', 0);
          number.content = ordinal.slice(0, -2);
          const open = new state.Token('ordinal_open', 'sup', 1);
          const suffix = new state.Token('text', '', 0);
          suffix.content = ordinal.slice(-2);
          const close = new state.Token('ordinal_close', 'sup', -1);
          const rest = new state.Token('text', '', 0);
          rest.content = replaceSymbols(parts[at + 1] ?? '');
          replacement.push(number, open, suffix, close, rest);
        }
        token.children.splice(index, 1, ...replacement);
        index += replacement.length - 1;
      }
    }
  });
}

function replaceSymbols(text: string): string {
  return text.replace(PATTERN, found => SYMBOLS[found.toLowerCase()] ?? found);
}
