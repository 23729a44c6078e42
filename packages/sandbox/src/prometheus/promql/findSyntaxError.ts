import type { Tree } from '@lezer/common';
import { EXPERIMENTAL_FUNCTIONS, FUNCTIONS } from './functionSignatures';
import { quote } from './quote';
import { readTokens } from './readTokens';
import type { FoundProblem, Token } from './readTokens';

interface SyntaxProblem {
  /** Undefined where Prometheus knows none. */
  readonly offset: number | undefined;
  readonly message: string;
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

const DURATION = 'number, duration, step(), or range()';

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
