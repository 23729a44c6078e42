import { RE2JS } from 're2js';
import { AlertmanagerError } from './AlertmanagerError';

/** Labels by name. */
export type LabelSet = Readonly<Record<string, string>>;

/**
 * One condition on a label, as silences and routes have it.
 *
 * @internal
 */
export interface LabelMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
  /** Whether the label with this value meets it; an absent one has an empty value. */
  matches(value: string): boolean;
}

/** @throws {@link AlertmanagerError} if the pattern is wrong. */
export function createLabelMatcher(options: {
  readonly name: string;
  readonly value: string;
  readonly isRegex?: boolean;
  readonly isEqual?: boolean;
}): LabelMatcher {
  const { name, value, isRegex = false, isEqual = true } = options;
  if (!isRegex) {
    return {
      name,
      value,
      isRegex,
      isEqual,
      matches: candidate => (candidate === value) === isEqual,
    };
  }
  const expression = compileAnchored(value);
  return {
    name,
    value,
    isRegex,
    isEqual,
    matches: candidate => expression(candidate) === isEqual,
  };
}

/** Compiles a pattern that must match the whole value; in linear time. */
export function compileAnchored(pattern: string): (value: string) => boolean {
  const expression = RE2JS.compile(pattern);
  return value => expression.matches(value);
}

/** Reads a condition such as `team=~"a|b"`, with or without quotes. */
export function parseMatcher(text: string): LabelMatcher {
  const match =
    /^\s*(?:([a-zA-Z_:][a-zA-Z0-9_:]*)|"((?:[^"\\]|\\.)*)")\s*(=~|!~|!=|=)\s*([^]*?)\s*$/.exec(
      text,
    );
  if (!match) {
    throw new AlertmanagerError(
      400,
      /^\s*\{/.test(text)
        ? `unexpected open or close brace: ${text}`
        : `bad matcher format: ${text}`,
    );
  }
  const [, plainName, quotedName, operator, rawValue] = match;
  try {
    return createLabelMatcher({
      name: plainName ?? unescapeText(quotedName),
      value: readValue(rawValue),
      isRegex: operator.includes('~'),
      isEqual: !operator.startsWith('!'),
    });
  } catch (error) {
    throw error instanceof AlertmanagerError
      ? error
      : new AlertmanagerError(400, (error as Error).message);
  }
}

function readValue(raw: string): string {
  const quoted = /^"([^]*)"$/.exec(raw);
  const inner = quoted ? quoted[1] : raw;
  if (/(?:^|[^\\])(?:\\\\)*"/.test(inner)) {
    throw new AlertmanagerError(
      400,
      `matcher value contains unescaped double quote: ${raw}`,
    );
  }
  return unescapeText(inner);
}

function unescapeText(text: string): string {
  return text.replace(/\\([^])/g, (match, character: string) => {
    switch (character) {
      case 'n':
        return '\n';
      case '"':
      case '\\':
        return character;
      default:
        return match;
    }
  });
}

/** Whether labels meet all conditions. */
export function matchesAll(
  matchers: readonly LabelMatcher[],
  labels: LabelSet,
): boolean {
  return matchers.every(({ name, matches }) => matches(labels[name] ?? ''));
}
