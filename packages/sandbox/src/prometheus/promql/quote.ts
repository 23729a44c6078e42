import { PromqlError } from './PromqlError';

/**
 * A text as a string literal of Go and PromQL.
 *
 * @internal
 */
export function quote(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\x7f');
}

/** Whether a name can stand as a label's name without quotes. */
export function isLabelName(name: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/**
 * The text that a string literal of PromQL stands for: quoted as in Go, or raw between backticks.
 *
 * @param offset - where the literal starts in the query, for the error
 */
export function unquote(
  query: string,
  offset: number,
  literal: string,
): string {
  if (literal.startsWith('`')) {
    return literal.slice(1, -1);
  }
  return literal
    .slice(1, -1)
    .replace(
      /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([^]))/g,
      (_match, hex, short, long, octal, single) => {
        if (octal) {
          return String.fromCharCode(parseInt(octal, 8));
        }
        const code = hex ?? short ?? long;
        if (code) {
          return String.fromCodePoint(parseInt(code, 16));
        }
        const escaped = ESCAPES[single];
        if (escaped === undefined) {
          throw PromqlError.parse(
            query,
            offset,
            `unknown escape sequence U+${single
              .codePointAt(0)
              .toString(16)
              .toUpperCase()
              .padStart(4, '0')} '${single}'`,
          );
        }
        return escaped;
      },
    );
}
