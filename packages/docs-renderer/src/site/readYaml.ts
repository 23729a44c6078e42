import {
  LineCounter,
  parseDocument,
  type Document,
  type ScalarTag,
} from 'yaml';
import type { DocsProblem } from '../diagnostics/DocsProblem';

/** A YAML file as plain data, with what is needed to say where a value stands. */
export interface YamlFile {
  readonly data: unknown;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly problems: readonly DocsProblem[];
}

/** Aliases may repeat an anchor this often: more is a billion-laughs file. */
const MAX_ALIASES = 50;

/** `!ENV NAME` and `!ENV [NAME, default]` give the default: the environment of the portal is not the author's to read. */
const environmentTags: ScalarTag[] = [
  { tag: '!ENV', resolve: () => '' },
  { tag: '!relative', resolve: value => value },
];

const environmentList = {
  tag: '!ENV',
  collection: 'seq' as const,
  resolve(seq: unknown) {
    const items =
      (seq as { items?: { value?: unknown }[] }).items?.map(
        item => item.value,
      ) ?? [];
    return items.length > 1 ? items[items.length - 1] : '';
  },
};

/**
 * Reads YAML as a tolerant author would expect and as a careful operator would want: unknown tags, such as those of
 * Python, are taken as the plain text behind them and never run; aliases are limited.
 */
export function readYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    customTags: [...environmentTags, environmentList],
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
    uniqueKeys: true,
  });
  const problems: DocsProblem[] = document.errors.map(error => {
    const at = lines.linePos(error.pos[0]);
    return {
      severity: 'error',
      code: 'config-invalid',
      message: `This is not valid YAML: ${error.message}`,
      fix: adviseOnYaml(error.code),
      file,
      line: at.line,
      column: at.col,
    };
  });
  let data: unknown;
  if (problems.length === 0) {
    try {
      data = document.toJS({ maxAliasCount: MAX_ALIASES });
    } catch (error) {
      problems.push({
        severity: 'error',
        code: 'config-refused',
        message: `The file repeats its anchors too often (${
          error instanceof Error ? error.message : String(error)
        }).`,
        fix: 'Write the values out instead of repeating them with *aliases.',
        file,
      });
    }
  }
  return { data, document, lines, problems };
}

function adviseOnYaml(code: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'Indent with spaces instead of tabs.';
    case 'DUPLICATE_KEY':
      return 'Remove one of the two keys.';
    case 'BAD_INDENT':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'Check the indentation of this line and put values with a colon in quotes.';
    case 'MISSING_CHAR':
      return 'Close the quote or bracket that starts here.';
    default:
      return 'Check the indentation and the quotes of this line.';
  }
}
