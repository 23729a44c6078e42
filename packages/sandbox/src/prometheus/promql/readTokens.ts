import { quote } from './quote';

/** What Prometheus would say, and where. @internal */
export interface FoundProblem {
  readonly offset: number;
  readonly message: string;
}

/** A word of a query. @internal */
export interface Token {
  readonly start: number;
  readonly text: string;
  readonly kind: 'identifier' | 'number' | 'string' | 'operator' | 'end';
}

/** What broken UTF-8 becomes; Prometheus takes it for just that. */
const REPLACEMENT = '\ufffd';

const UNCLOSED: Readonly<Record<string, string>> = {
  '(': 'unclosed left parenthesis',
  '[': 'unclosed left bracket',
  '{': 'unexpected end of input inside braces',
};

const TOKEN =
  /\s+|#[^\n]*|(?<identifier>[a-zA-Z_:][a-zA-Z0-9_:]*)|(?<number>0x[0-9a-fA-F]+|(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][+-]?\d+)?(?:(?:ms|[smhdwy])(?:\d+(?:ms|[smhdwy]))*)?)|(?<operator>=~|!~|==|!=|<=|>=|[-+*/%^<>=(){}[\],@:])|(?<open>["'`])/y;

/**
 * Reads a query word by word, up to the first thing that is none.
 *
 * @internal
 */
export function readTokens(query: string): {
  tokens: Token[];
  problem?: FoundProblem;
} {
  const tokens: Token[] = [];
  const open: string[] = [];
  let position = 0;
  const stop = (offset: number, message: string) => ({
    tokens: [
      ...tokens,
      { start: query.length, text: '', kind: 'end' as const },
    ],
    problem: { offset, message },
  });
  while (position < query.length) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(query);
    if (!match) {
      const character = String.fromCodePoint(query.codePointAt(position)!);
      if (character === '!') {
        const next = query[position + 1] ?? '';
        return stop(position, `unexpected character after '!': '${next}'`);
      }
      return stop(
        position,
        `unexpected character${
          open.includes('{') ? ' inside braces' : ''
        }: '${character}'`,
      );
    }
    const { identifier, number, operator, open: quoteMark } = match.groups!;
    const start = position;
    position = TOKEN.lastIndex;
    if (identifier) {
      tokens.push({ start, text: identifier, kind: 'identifier' });
    } else if (number) {
      const problem = checkNumber(number, query.slice(position));
      if (problem) {
        return stop(start, problem);
      }
      tokens.push({ start, text: number, kind: 'number' });
    } else if (quoteMark) {
      const end = findClosingQuote(query, start);
      if (end === undefined) {
        return stop(
          start,
          query.slice(start).split('\n')[0].includes(REPLACEMENT)
            ? 'invalid UTF-8 rune'
            : `unterminated ${quoteMark === '`' ? 'raw' : 'quoted'} string`,
        );
      }
      position = end;
      tokens.push({ start, text: query.slice(start, end), kind: 'string' });
    } else if (operator) {
      const problem = checkBracket(operator, open);
      if (problem) {
        // The parenthesis is read before it is found to be one too many.
        return stop(operator === ')' ? start + 1 : start, problem);
      }
      tokens.push({ start, text: operator, kind: 'operator' });
    }
  }
  tokens.push({ start: query.length, text: '', kind: 'end' });
  const unclosed = open.at(-1);
  return {
    tokens,
    problem: unclosed
      ? { offset: query.length, message: UNCLOSED[unclosed] }
      : undefined,
  };
}

function checkNumber(number: string, rest: string): string | undefined {
  if (number === '0x' || (number === '0' && /^[xX]/.test(rest))) {
    return 'error parsing number: strconv.ParseFloat: parsing "0x": invalid syntax';
  }
  const next = rest[0] ?? '';
  if (!/[a-zA-Z0-9_.]/.test(next)) {
    return undefined;
  }
  const isDuration = /[a-z]$/.test(number);
  const read = isDuration || next === '.' ? `${number}${next}` : number;
  return `bad number or duration syntax: ${quote(read)}`;
}

function checkBracket(character: string, open: string[]): string | undefined {
  switch (character) {
    case '(':
    case '[':
    case '{':
      if (open.at(-1) === '{') {
        return character === '{'
          ? "unexpected left brace '{'"
          : `unexpected character inside braces: '${character}'`;
      }
      open.push(character);
      return undefined;
    case ')':
      return open.pop() === '('
        ? undefined
        : "unexpected right parenthesis ')'";
    case ']':
      return open.pop() === '[' ? undefined : "unexpected right bracket ']'";
    case '}':
      return open.pop() === '{' ? undefined : "unexpected character: '}'";
    default:
      return undefined;
  }
}

function findClosingQuote(query: string, start: number): number | undefined {
  const mark = query[start];
  for (let index = start + 1; index < query.length; index++) {
    const character = query[index];
    if (character === mark) {
      return index + 1;
    }
    if (character === REPLACEMENT) {
      return undefined;
    }
    if (mark !== '`') {
      if (character === '\n') {
        return undefined;
      }
      if (character === '\\') {
        index++;
      }
    }
  }
  return undefined;
}
