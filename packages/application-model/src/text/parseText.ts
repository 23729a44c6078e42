import {
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  parseDocument,
} from 'yaml';
import type { Document } from 'yaml';
import { problemAt, shorten } from '../Problem';
import type { FieldPath, Problem } from '../Problem';
import { SourceText } from './SourceText';

/** A longer text is not read. @public */
export const MOST_CHARACTERS = 256_000;
/** What a text may consist of: some thousand fields. */
const MOST_TOKENS = 30_000;
/** How deep values may be nested. */
const MOST_NESTED = 40;
/** Aliases that expand to more than this are an attack. */
const MOST_ALIASES = 50;
/** Mistakes of the syntax that are said; what follows the first is mostly its consequence. */
const MOST_SYNTAX_ERRORS = 5;
/** Names that mean something to JavaScript, and nothing in a manifest. */
const RESERVED_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** A text as data, and where its fields are. */
export interface ParsedText {
  /** Undefined if the text can't be read. */
  readonly value?: unknown;
  readonly source?: SourceText;
  readonly problems: readonly Problem[];
}

/** Reads one YAML document in bounded time and memory, whatever the text. */
export function parseText(text: string): ParsedText {
  const refused = refuse(text);
  if (refused) {
    return { problems: [refused] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    // The library's own search for duplicate keys is quadratic
    uniqueKeys: false,
    // Silent would also keep to itself that there are several documents
    logLevel: 'error',
  });
  const source = new SourceText({ document, lines });
  const problems = [
    ...syntaxErrors(document, source),
    ...findBadKeys(document, source),
  ];
  if (problems.length > 0) {
    return { source, problems };
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    // Fails for a value that contains itself
    JSON.stringify(value);
    return { value, source, problems };
  } catch {
    return {
      source,
      problems: [
        wholeText(
          'too-complex',
          'Its aliases (*name) expand to too much, or to themselves.',
          'Write the values out.',
        ),
      ],
    };
  }
}

function wholeText(
  code: string,
  message: string,
  suggestion: string,
  place = { line: 1, column: 1 },
): Problem {
  return { ...problemAt([], { code, message, suggestion }), ...place };
}

/** What must not even be parsed. */
function refuse(text: string): Problem | undefined {
  if (text.length > MOST_CHARACTERS) {
    return wholeText(
      'too-large',
      `The file has ${text.length} characters, more than ${MOST_CHARACTERS}.`,
      'Move what is not about the application to files of its own.',
    );
  }
  let tokens = 0;
  let line = 1;
  let depth = 0;
  let nestedInLine = 0;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (token === '[' || token === '{') {
      depth += 1;
    } else if (token === ']' || token === '}') {
      depth = Math.max(0, depth - 1);
    } else if (token === '-' || token === '?' || token === ':') {
      nestedInLine += 1;
    } else if (token.includes('\n')) {
      nestedInLine = 0;
      line += token.split('\n').length - 1;
    }
    if (depth > MOST_NESTED || nestedInLine > 10 * MOST_NESTED) {
      return wholeText(
        'too-complex',
        `Values are nested more than ${MOST_NESTED} deep.`,
        'Write it flatter.',
        { line, column: 1 },
      );
    }
    if (tokens > MOST_TOKENS) {
      return wholeText(
        'too-complex',
        'The file has too many fields.',
        'Describe one application in one file.',
        { line, column: 1 },
      );
    }
  }
  return undefined;
}

function syntaxErrors(
  document: Document.Parsed,
  source: SourceText,
): Problem[] {
  return document.errors.slice(0, MOST_SYNTAX_ERRORS).map(error => {
    if (error.code === 'MULTIPLE_DOCS') {
      return wholeText(
        'several-documents',
        'The file has more than one document.',
        'Keep one document, and move the others to files of their own.',
        source.positionOf(error.pos[0]),
      );
    }
    // The library adds the place and the lines around it after the first sentence
    const message = error.message.split(/ at line \d|\n/)[0].replace(/:$/, '');
    return wholeText(
      'yaml-syntax',
      `This is not valid YAML: ${shorten(message)}.`,
      error.code === 'TAB_AS_INDENT'
        ? 'Indent with spaces.'
        : 'Compare the line with the one above it.',
      source.positionOf(error.pos[0]),
    );
  });
}

/** Keys that are there twice, or that no manifest has. */
function findBadKeys(document: Document.Parsed, source: SourceText): Problem[] {
  const problems: Problem[] = [];
  const visit = (node: unknown, path: FieldPath): void => {
    if (path.length > 2 * MOST_NESTED) {
      problems.push(
        problemAt(path.slice(0, 3), {
          code: 'too-complex',
          message: `Values are nested more than ${MOST_NESTED} deep.`,
          suggestion: 'Write it flatter.',
        }),
      );
    } else if (isMap(node)) {
      const seen = new Set<string>();
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : undefined;
        const at =
          isScalar(key) && key.range ? source.positionOf(key.range[0]) : {};
        if (name === undefined || RESERVED_KEYS.has(name)) {
          problems.push({
            ...problemAt([...path, name ?? ''], {
              code: 'forbidden-key',
              message: `The key '${shorten(
                name ?? 'of several values',
              )}' is not allowed.`,
              suggestion: 'Choose another name.',
            }),
            ...at,
          });
        } else if (seen.has(name)) {
          problems.push({
            ...problemAt([...path, name], {
              code: 'duplicate-key',
              message: `The key '${shorten(name)}' is there twice.`,
              suggestion: 'Remove one of them.',
            }),
            ...at,
          });
        }
        seen.add(name ?? '');
        visit(value, [...path, name ?? '']);
      }
    } else if (isSeq(node)) {
      node.items.forEach((item, index) => visit(item, [...path, index]));
    }
  };
  visit(document.contents, []);
  return source.place(problems.slice(0, 20));
}
