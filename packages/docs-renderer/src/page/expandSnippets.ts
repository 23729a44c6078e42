import type { DocsProblem } from '../diagnostics/DocsProblem';

/** Gives the text of a file that a page includes, or why it may not. */
export type ReadSnippet = (
  name: string,
) => { readonly text: string } | { readonly refused: true } | undefined;

export interface ExpandSnippetsOptions {
  readonly read: ReadSnippet;
  /** Whether `{!file!}` includes too. */
  readonly includes: boolean;
  readonly report: (problem: Omit<DocsProblem, 'file'>) => void;
}

const SCISSORS =
  /^([ \t]*)(;?)-{1,}8<-{1,}[ \t]+(?:"([^"]*)"|'([^']*)')[ \t]*$/;
const BLOCK = /^([ \t]*)(;?)-{1,}8<-{1,}[ \t]*$/;
const INCLUDE = /\{!\s*(.+?)\s*!\}/;
const SECTION =
  /^[ \t]*(?:[^\w\s]{0,4}[ \t]*)?-{1,}8<-{1,}[ \t]+\[\s*(start|end)\s*:\s*([\w-]+)\s*\]/;
/** A file, and which lines or which section of it. */
const NAME =
  /^(.*?)(?::(-?\d*(?::-?\d*)?(?:,-?\d*(?::-?\d*)?)*)|:([A-Za-z][\w-]*))?$/;
const MAX_NAME = 1000;
const MAX_DEPTH = 8;
const MAX_LINES = 50_000;

/** The text of a page with its snippets in place, and which line of the page each line comes from. */
export interface ExpandedSource {
  readonly text: string;
  /** Index: line of the text, from 0. Value: line of the page, from 0. Undefined where they are the same. */
  readonly origins?: readonly number[];
}

/**
 * `--8<-- "file.md"`, with `:start:end` or `:section` after the name, and blocks of names between two `--8<--`.
 *
 * https://facelessuser.github.io/pymdown-extensions/extensions/snippets/
 */
export function expandSnippets(
  source: string,
  options: ExpandSnippetsOptions,
): ExpandedSource {
  if (!source.includes('8<-') && !(options.includes && source.includes('{!'))) {
    return { text: source };
  }
  const lines: string[] = [];
  const origins: number[] = [];
  let full = false;
  const put = (line: string, origin: number) => {
    if (lines.length >= MAX_LINES) {
      if (!full) {
        full = true;
        options.report({
          severity: 'warning',
          code: 'limit-reached',
          message: `With its snippets the page has more than ${MAX_LINES} lines.`,
          fix: 'Split the page, or link to the file instead.',
          line: origin + 1,
        });
      }
      return;
    }
    lines.push(line);
    origins.push(origin);
  };
  function expand(
    text: string,
    indent: string,
    chain: readonly string[],
    origin?: number,
  ) {
    const input = text.split('\n');
    for (let index = 0; index < input.length && !full; index++) {
      const line = input[index];
      const at = origin ?? index;
      const single = SCISSORS.exec(line);
      const block = single ? null : BLOCK.exec(line);
      const include = options.includes ? INCLUDE.exec(line) : null;
      if ((single?.[2] ?? block?.[2]) === ';') {
        put(indent + line.replace(';', ''), at);
      } else if (single) {
        insert(single[3] ?? single[4], indent + single[1], chain, at);
      } else if (block) {
        for (index++; index < input.length; index++) {
          if (BLOCK.test(input[index])) break;
          const name = input[index].trim();
          if (name && !name.startsWith(';')) {
            insert(name, indent + block[1], chain, origin ?? index);
          }
        }
      } else if (include) {
        const lead = line.slice(0, include.index);
        insert(
          include[1],
          indent + (/^[ \t]*$/.test(lead) ? lead : ''),
          chain,
          at,
        );
      } else put(line ? indent + line : line, at);
    }
  }
  function insert(
    name: string,
    indent: string,
    chain: readonly string[],
    origin: number,
  ) {
    const parts = NAME.exec(name.slice(0, MAX_NAME))!;
    const file = parts[1];
    if (chain.includes(file) || chain.length >= MAX_DEPTH) {
      options.report({
        severity: 'warning',
        code: 'snippet-refused',
        message: `The snippet "${file}" includes itself.`,
        fix: 'Remove the inner include.',
        line: origin + 1,
      });
      return;
    }
    const found = options.read(file);
    if (!found || 'refused' in found) {
      options.report(
        found
          ? {
              severity: 'warning',
              code: 'snippet-refused',
              message: `The snippet "${file}" is not in the docs folder.`,
              fix: 'Move the file into the docs folder: nothing outside of it is read.',
              line: origin + 1,
            }
          : {
              severity: 'warning',
              code: 'snippet-missing',
              message: `There is no file "${file}" to include.`,
              fix: 'Name a file of the docs folder.',
              line: origin + 1,
            },
      );
      return;
    }
    const chosen = parts[3]
      ? sectionOf(found.text, parts[3])
      : linesOf(found.text, parts[2]);
    if (chosen === undefined) {
      options.report({
        severity: 'warning',
        code: 'snippet-missing',
        message: `The file "${file}" has no section "${parts[3]}".`,
        fix: `Put "--8<-- [start:${parts[3]}]" and "--8<-- [end:${parts[3]}]" around it in that file.`,
        line: origin + 1,
      });
      return;
    }
    expand(chosen.replace(/\n$/, ''), indent, [...chain, file], origin);
  }
  expand(source, '', []);
  return { text: lines.join('\n'), origins };
}

/** `2:5`, `:5`, `2:`, and several of them with commas; lines are counted from 1, or with a minus from the end. */
function linesOf(text: string, ranges: string | undefined): string {
  const isShown = (line: string) => !SECTION.test(line);
  if (!ranges) return text.split('\n').filter(isShown).join('\n');
  const all = text.replace(/\n$/, '').split('\n');
  const lineOf = (line: number) =>
    line < 0 ? Math.max(all.length + line + 1, 1) : line;
  return ranges
    .split(',')
    .flatMap(range => {
      const [start, end] = range.split(':').map(Number);
      return all.slice(lineOf(start || 1) - 1, lineOf(end || all.length));
    })
    .filter(isShown)
    .join('\n');
}

function sectionOf(text: string, name: string): string | undefined {
  const kept: string[] = [];
  let known = false;
  let inside = false;
  for (const line of text.split('\n')) {
    const mark = SECTION.exec(line);
    if (mark) {
      if (mark[2] === name) {
        known = true;
        inside = mark[1] === 'start';
      }
    } else if (inside) kept.push(line);
  }
  return known ? kept.join('\n') : undefined;
}
