import { isMap, isScalar, Lexer, LineCounter, parseAllDocuments } from 'yaml';
import type { Document, YAMLMap, YAMLParseError } from 'yaml';
import type { CatalogProblem, TextEdit } from './CatalogProblem';
import { SourceDocument } from './SourceDocument';

/** A catalog file larger than this is not read. @public */
export const MOST_CHARACTERS = 5_000_000;
/** What a file may consist of: some 20,000 fields. Reading takes about a second. */
const MOST_TOKENS = 150_000;
/** How deep values may be nested in one line. */
const MOST_NESTED = 100;
/** A chain of aliases that grows beyond this is an attack. */
const MOST_ALIASES = 100;
/** How many mistakes of the syntax are said; what follows the first is mostly its consequence. */
const MOST_SYNTAX_ERRORS = 5;

/** A document of a file, as data and as text. */
export interface ParsedDocument {
  readonly source: SourceDocument;
  /** Undefined if the document is empty, or can't be read. */
  readonly value?: unknown;
}

/** A problem that has no name of a file yet. */
export type Finding = Omit<CatalogProblem, 'file'>;

/** Reads YAML in bounded time and memory, whatever the text. */
export function parseCatalogFile(text: string): {
  readonly documents: readonly ParsedDocument[];
  readonly findings: readonly Finding[];
} {
  const refused = refuse(text);
  if (refused) {
    return { documents: [], findings: [refused] };
  }
  const lines = new LineCounter();
  // The library's own search for duplicate keys is quadratic
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const documents: ParsedDocument[] = [];
  const findings: Finding[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const source = new SourceDocument({ document, lines, text });
    const syntax = [
      ...syntaxErrors(document, source, text),
      ...duplicateKeys(document, source),
    ];
    if (syntax.length > 0) {
      findings.push(...syntax);
      documents.push({ source });
      continue;
    }
    try {
      const value = document.toJS({ maxAliasCount: MOST_ALIASES }) ?? undefined;
      // Fails for a value that contains itself
      JSON.stringify(value);
      documents.push({ source, value });
    } catch (error) {
      findings.push({
        id: 'file-too-complex',
        severity: 'error',
        message:
          error instanceof ReferenceError || error instanceof TypeError
            ? 'Its aliases (*name) expand to too much, or to themselves. Write the values out.'
            : `The document can't be read: ${(error as Error).message}`,
        field: '',
        ...source.positionOf(source.start),
      });
      documents.push({ source });
    }
  }
  return { documents, findings };
}

/** What must not even be parsed. */
function refuse(text: string): Finding | undefined {
  const size = text.length;
  if (size > MOST_CHARACTERS) {
    return {
      id: 'file-too-large',
      severity: 'error',
      message: `The file has ${size} characters, more than ${MOST_CHARACTERS}. Move API definitions to files of their own and name them with $text.`,
      field: '',
      line: 1,
      column: 1,
    };
  }
  let tokens = 0;
  let line = 1;
  let flowDepth = 0;
  let nestedInLine = 0;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (token === '[' || token === '{') {
      flowDepth += 1;
    } else if (token === ']' || token === '}') {
      flowDepth = Math.max(0, flowDepth - 1);
    } else if (token === '-' || token === '?' || token === ':') {
      nestedInLine += 1;
    } else if (token.includes('\n')) {
      nestedInLine = 0;
      line += token.split('\n').length - 1;
    }
    const nested = flowDepth > MOST_NESTED || nestedInLine > 10 * MOST_NESTED;
    if (nested || tokens > MOST_TOKENS) {
      return {
        id: 'file-too-complex',
        severity: 'error',
        message: nested
          ? `Values are nested more than ${MOST_NESTED} deep.`
          : `The file has more than about ${
              MOST_TOKENS / 8
            } fields. Split it, and name the parts in a Location.`,
        field: '',
        line,
        column: 1,
      };
    }
  }
  return undefined;
}

function syntaxErrors(
  document: Document.Parsed,
  source: SourceDocument,
  text: string,
): Finding[] {
  const isTab = ({ code, pos: [offset] }: YAMLParseError) =>
    code === 'TAB_AS_INDENT' || text[offset] === '\t';
  // All that follows a tab is its consequence
  const tabs = document.errors.findIndex(isTab);
  const errors = document.errors.slice(
    0,
    tabs === -1 ? MOST_SYNTAX_ERRORS : Math.min(tabs + 1, MOST_SYNTAX_ERRORS),
  );
  return errors.map(error => {
    const [offset] = error.pos;
    const tab = isTab(error);
    return {
      id: 'yaml-syntax',
      severity: 'error',
      // The library adds the place and the lines around it after the first sentence
      message: `This is not valid YAML: ${
        tab
          ? 'Tabs are not allowed as indentation'
          : error.message.split(/ at line \d|\n/)[0].replace(/:$/, '')
      }.`,
      field: '',
      ...source.positionOf(offset),
      ...(tab && {
        fix: {
          description: 'Indent with spaces',
          patch: spacesForTabs(text, offset),
        },
      }),
    };
  });
}

/** Two spaces for each tab that the line of an offset begins with. */
function spacesForTabs(text: string, offset: number): TextEdit[] {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const [indent] = /^[ \t]*/.exec(text.slice(start, start + 200)) ?? [''];
  return [
    {
      offset: start,
      length: indent.length,
      text: indent.replaceAll('\t', '  '),
    },
  ];
}

function duplicateKeys(
  document: Document.Parsed,
  source: SourceDocument,
): Finding[] {
  const findings: Finding[] = [];
  const waiting: unknown[] = [document.contents];
  while (waiting.length > 0 && findings.length < MOST_SYNTAX_ERRORS) {
    const node = waiting.pop();
    if (isMap(node)) {
      const seen = new Set<unknown>();
      for (const { key, value } of (node as YAMLMap).items) {
        if (isScalar(key)) {
          if (seen.has(key.value)) {
            findings.push({
              id: 'yaml-duplicate-key',
              severity: 'error',
              message: `The key '${shorten(key.value)}' is there twice.`,
              field: '',
              ...source.positionOf(key.range?.[0] ?? source.start),
            });
          }
          seen.add(key.value);
        }
        waiting.push(value);
      }
    } else if (
      typeof node === 'object' &&
      node !== null &&
      'items' in node &&
      Array.isArray(node.items)
    ) {
      for (const item of node.items) {
        waiting.push(item);
      }
    }
  }
  return findings;
}

/** A value as it is quoted in a message. */
export function shorten(value: unknown): string {
  const text =
    typeof value === 'string' ? value : String(JSON.stringify(value));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
