import { RE2JS } from 're2js';
import { isLabelName, quote } from './quote';

/** @internal */
export type MatchOperator = '=' | '!=' | '=~' | '!~';

/**
 * One condition on a label.
 *
 * @internal
 */
export interface Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
  /** Whether a label with this value meets the condition; an absent label has an empty value. */
  matches(value: string): boolean;
}

/** How many decisions on values one pattern remembers. */
const REMEMBERED = 10_000;

/**
 * Makes a condition. Regular expressions are RE2's, match the whole value and run in linear time.
 *
 * @throws SyntaxError whose message is that of Go's `regexp` if the pattern is wrong.
 */
export function createMatcher(
  name: string,
  operator: MatchOperator,
  value: string,
): Matcher {
  if (operator === '=' || operator === '!=') {
    const equal = operator === '=';
    return {
      name,
      operator,
      value,
      matches: candidate => (candidate === value) === equal,
    };
  }
  const positive = operator === '=~';
  const test = compilePattern(value);
  return {
    name,
    operator,
    value,
    matches: candidate => test(candidate) === positive,
  };
}

/** Compiles an anchored pattern, with short cuts for the usual ones. */
export function compilePattern(pattern: string): (value: string) => boolean {
  if (pattern === '.*') {
    return () => true;
  }
  if (pattern === '.+') {
    return value => value !== '';
  }
  if (/^[\w\- :/@,=]*(?:\|[\w\- :/@,=]*)*$/.test(pattern)) {
    const alternatives = new Set(pattern.split('|'));
    return value => alternatives.has(value);
  }
  const expression = compile(pattern);
  const decisions = new Map<string, boolean>();
  return value => {
    let decision = decisions.get(value);
    if (decision === undefined) {
      decision = expression.matches(value);
      if (decisions.size < REMEMBERED) {
        decisions.set(value, decision);
      }
    }
    return decision;
  };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch (error) {
    // The flag is a part of the pattern for the library, not for who wrote it.
    throw new SyntaxError((error as Error).message.replace('`(?s)', '`'));
  }
}

/** The condition as it is written in a query. */
export function formatMatcher(matcher: Matcher): string {
  const name = isLabelName(matcher.name) ? matcher.name : quote(matcher.name);
  return `${name}${matcher.operator}${quote(matcher.value)}`;
}
