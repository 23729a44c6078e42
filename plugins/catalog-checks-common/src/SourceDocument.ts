import { isMap, isNode, isPair, isScalar, isSeq } from 'yaml';
import type { Document, LineCounter, Node, Pair } from 'yaml';
import type { TextEdit } from './CatalogProblem';

/** Where a field is, by keys and indexes. */
export type FieldPath = readonly (string | number)[];

/** One document of a YAML file, and where its fields are in the text. */
export class SourceDocument {
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #text: string;

  constructor(options: {
    readonly document: Document.Parsed;
    readonly lines: LineCounter;
    readonly text: string;
  }) {
    this.#document = options.document;
    this.#lines = options.lines;
    this.#text = options.text;
  }

  /** Where the document begins, without comments before it. */
  get start(): number {
    return this.#document.contents?.range?.[0] ?? this.#document.range[0];
  }

  /** From 1. */
  positionOf(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** Where the value begins; for what is not there, the nearest key above it. */
  offsetOf(path: FieldPath): number {
    for (let length = path.length; length > 0; length--) {
      const node = this.nodeAt(path.slice(0, length));
      const key = this.#keyAt(path.slice(0, length));
      const offset =
        length === path.length
          ? node?.range?.[0] ?? key?.range?.[0]
          : key?.range?.[0] ?? node?.range?.[0];
      if (offset !== undefined) {
        return offset;
      }
    }
    return this.start;
  }

  /** Where the key of a field begins. */
  offsetOfKey(path: FieldPath): number {
    return this.#keyAt(path)?.range?.[0] ?? this.offsetOf(path);
  }

  nodeAt(path: FieldPath): Node | undefined {
    const node = this.#document.getIn(path, true);
    return isNode(node) ? node : undefined;
  }

  /** Replaces a value that stands on its own, keeping what is around it. */
  replaceScalar(path: FieldPath, text: string): TextEdit[] | undefined {
    const node = this.nodeAt(path);
    if (!isScalar(node) || !node.range) {
      return undefined;
    }
    const [offset, end] = node.range;
    const block = node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL';
    return block || end === offset
      ? undefined
      : [{ offset, length: end - offset, text }];
  }

  /** Adds `key: value` as the last line of a mapping, or as a mapping of its own below `metadata`. */
  insertAnnotation(key: string, value: string): TextEdit[] | undefined {
    const annotations = this.nodeAt(['metadata', 'annotations']);
    if (isMap(annotations) && annotations.items.length > 0) {
      return this.insertInto(['metadata', 'annotations'], `${key}: ${value}`);
    }
    return this.#keyAt(['metadata', 'annotations'])
      ? undefined
      : this.insertInto(['metadata'], 'annotations:', `${key}: ${value}`);
  }

  /** Adds lines after the last entry of a block mapping; the second one deeper. */
  insertInto(
    path: FieldPath,
    line: string,
    child?: string,
  ): TextEdit[] | undefined {
    const node = this.nodeAt(path);
    if (!isMap(node) || node.flow || node.items.length === 0) {
      return undefined;
    }
    const first = node.items[0];
    const start = isNode(first.key) ? first.key.range?.[0] : undefined;
    // The end of the values, without the comments and blank lines that follow
    const end = endOf(node);
    if (start === undefined || end === undefined) {
      return undefined;
    }
    const indent = ' '.repeat(this.positionOf(start).column - 1);
    const newline = this.#text.indexOf('\n', Math.max(0, end - 1));
    const offset = newline === -1 ? this.#text.length : newline + 1;
    const lines = [line, ...(child ? [`  ${child}`] : [])];
    return [
      {
        offset,
        length: 0,
        text: `${newline === -1 ? '\n' : ''}${lines
          .map(each => `${indent}${each}\n`)
          .join('')}`,
      },
    ];
  }

  #keyAt(path: FieldPath): Node | undefined {
    if (path.length === 0) {
      return undefined;
    }
    const parent =
      path.length === 1
        ? this.#document.contents ?? undefined
        : this.nodeAt(path.slice(0, -1));
    const last = path[path.length - 1];
    if (!isMap(parent)) {
      return undefined;
    }
    const pair = (parent.items as Pair[]).find(
      item => isScalar(item.key) && item.key.value === last,
    );
    return pair && isNode(pair.key) ? pair.key : undefined;
  }
}

/** Where the last value within a node ends. */
function endOf(node: unknown): number | undefined {
  if (isMap(node) && !node.flow && node.items.length > 0) {
    return endOf(node.items[node.items.length - 1]);
  }
  if (isSeq(node) && !node.flow && node.items.length > 0) {
    return endOf(node.items[node.items.length - 1]);
  }
  if (isPair(node)) {
    return endOf(node.value) ?? endOf(node.key);
  }
  return isNode(node) ? node.range?.[1] : undefined;
}

/** A path for people: `spec.owner`, `metadata.tags[3]`, `metadata.annotations["a/b"]`. */
export function formatFieldPath(path: FieldPath): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') {
        return `[${part}]`;
      }
      if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(part)) {
        return `[${JSON.stringify(part)}]`;
      }
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}
