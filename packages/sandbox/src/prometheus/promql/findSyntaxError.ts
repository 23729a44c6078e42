import type { Tree } from '@lezer/common';
import { EXPERIMENTAL_FUNCTIONS, FUNCTIONS } from './functionSignatures';
import { quote } from './quote';

interface SyntaxProblem {
  /** Undefined where Prometheus knows none. */
  readonly offset: number | undefined;
  readonly message: string;
}

interface FoundProblem extends SyntaxProblem {
  readonly offset: number;
}

interface Token {
  readonly start: number;
  readonly text: string;
  readonly kind: 'identifier' | 'number' | 'string' | 'operator' | 'end';
}

/**
 * Finds the first thing that Prometheus would refuse.
 *
 * @remarks
 * The grammar recovers from errors and says only where they are. What Prometheus says of them comes from its
 * lexer (brackets, quotes, characters), which is done here anew, or from the token at which its parser stops.
 *
 * @internal
 */
export function findSyntaxError(
  query: string,
  tree: Tree,
): SyntaxProblem | undefined {
  const { tokens, problem: lexical } = readTokens(query);
  if (tokens.length === 1 && !lexical) {
    return { offset: undefined, message: 'no expression found in input' };
  }
  const call = findUnknownFunction(tokens);
  const offset = findErrorNode(query, tree);
  const candidates = [lexical, call].filter(
    candidate => candidate !== undefined,
  );
  if (offset !== undefined) {
    const index = tokens.findIndex(({ start }) => start >= offset);
    const token = tokens.at(index)!;
    candidates.push({
      offset: token.start,
      message: `${describe(token)}${describeContext(tokens.slice(0, index))}`,
    });
  }
  return candidates.sort(
    (left, right) =>
      left.offset - right.offset || rank(left.message) - rank(right.message),
  )[0];

  function rank(message: string): number {
    return message.startsWith('unexpected end') ? 1 : 0;
  }
}

function findErrorNode(query: string, tree: Tree): number | undefined {
  let offset: number | undefined;
  tree.iterate({
    enter: node => {
      if (node.type.isError && (offset === undefined || node.from < offset)) {
        offset = node.from;
      }
    },
  });
  if (offset !== undefined) {
    // A node that is missing stands behind what precedes it; the token that came instead follows.
    while (offset < query.length && /\s/.test(query[offset])) {
      offset++;
    }
  }
  return offset;
}

function findUnknownFunction(tokens: Token[]): FoundProblem | undefined {
  for (let index = 0; index + 1 < tokens.length; index++) {
    const { kind, text, start } = tokens[index];
    if (
      kind !== 'identifier' ||
      tokens[index + 1].text !== '(' ||
      tokens[index - 1]?.text === '@' ||
      FUNCTIONS.has(text) ||
      KEYWORDS.has(text.toLowerCase())
    ) {
      continue;
    }
    const message = EXPERIMENTAL_FUNCTIONS.has(text)
      ? `function ${quote(text)} is not enabled`
      : `unknown function with name ${quote(text)}`;
    return { offset: start, message };
  }
  return undefined;
}

const KEYWORDS = new Set([
  'and',
  'atan2',
  'avg',
  'bool',
  'bottomk',
  'by',
  'count',
  'count_values',
  'group',
  'group_left',
  'group_right',
  'ignoring',
  'limit_ratio',
  'limitk',
  'max',
  'min',
  'offset',
  'on',
  'or',
  'quantile',
  'stddev',
  'stdvar',
  'sum',
  'topk',
  'unless',
  'without',
]);

const AGGREGATIONS = new Set([
  'avg',
  'bottomk',
  'count',
  'count_values',
  'group',
  'max',
  'min',
  'quantile',
  'stddev',
  'stdvar',
  'sum',
  'topk',
]);

function describe({ kind, text }: Token): string {
  switch (kind) {
    case 'end':
      return 'unexpected end of input';
    case 'number':
      return `unexpected number ${quote(text)}`;
    case 'string':
      return `unexpected string ${quote(text)}`;
    case 'identifier':
      if (AGGREGATIONS.has(text.toLowerCase())) {
        return `unexpected aggregation ${quote(text)}`;
      }
      return KEYWORDS.has(text.toLowerCase())
        ? `unexpected <${text.toLowerCase()}>`
        : `unexpected identifier ${quote(text)}`;
    default:
      return `unexpected ${OPERATOR_NAMES[text] ?? `<op:${text}>`}`;
  }
}

/** Where the parser was, and what it would have taken instead. */
function describeContext(before: readonly Token[]): string {
  const last = before.at(-1);
  const opening = findOpening(before);
  if (opening?.text === '{') {
    return ` in label matching, expected ${expectedInBraces(last!)}`;
  }
  if (opening?.text === '(' && opening.grouping) {
    return ` in grouping opts, expected ${
      last!.kind === 'identifier' || last!.kind === 'string'
        ? '"," or ")"'
        : 'label'
    }`;
  }
  if (last?.text === '[') {
    return ` in subquery or range selector, expected ${DURATION}`;
  }
  if (last?.text === '@') {
    return ' in @, expected timestamp';
  }
  if (last?.text.toLowerCase() === 'offset') {
    return ` in offset, expected ${DURATION}`;
  }
  return ['by', 'without', 'on', 'ignoring'].includes(
    last?.text.toLowerCase() ?? '',
  )
    ? ' in grouping opts, expected "("'
    : '';
}

const DURATION = 'number, duration, step(), or range()';

function expectedInBraces(last: Token): string {
  if (last.kind === 'identifier') {
    return 'label matching operator';
  }
  if (last.kind === 'string') {
    return '"," or "}"';
  }
  return last.text === '{' || last.text === ','
    ? 'identifier or "}"'
    : 'string';
}

function findOpening(tokens: readonly Token[]) {
  const open: { text: string; grouping: boolean }[] = [];
  for (const [index, { text }] of tokens.entries()) {
    if (text === '(' || text === '{') {
      const before = tokens[index - 1]?.text.toLowerCase() ?? '';
      open.push({
        text,
        grouping: /^(?:by|without|on|ignoring|group_left|group_right)$/.test(
          before,
        ),
      });
    } else if (text === ')' || text === '}') {
      open.pop();
    }
  }
  return open.at(-1);
}

const OPERATOR_NAMES: Readonly<Record<string, string>> = {
  ',': '","',
  '(': '"("',
  ')': '")"',
  '{': '"{"',
  '}': '"}"',
  '[': '"["',
  ']': '"]"',
  ':': '":"',
  '=': '"="',
  '@': '<@>',
};

const TOKEN =
  /\s+|#[^\n]*|(?<identifier>[a-zA-Z_:][a-zA-Z0-9_:]*)|(?<number>0x[0-9a-fA-F]+|(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][+-]?\d+)?(?:(?:ms|[smhdwy])(?:\d+(?:ms|[smhdwy]))*)?)|(?<operator>=~|!~|==|!=|<=|>=|[-+*/%^<>=(){}[\],@:])|(?<open>["'`])/y;

function readTokens(query: string): {
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

const UNCLOSED: Readonly<Record<string, string>> = {
  '(': 'unclosed left parenthesis',
  '[': 'unclosed left bracket',
  '{': 'unexpected end of input inside braces',
};

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

/** What broken UTF-8 becomes; Prometheus takes it for just that. */
const REPLACEMENT = '\ufffd';

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
