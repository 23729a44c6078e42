import { isMap, isNode, isScalar } from 'yaml';
import type { Document, LineCounter, Pair } from 'yaml';
import type { FieldPath, Problem } from '../Problem';

/** Where the fields of a YAML document are in its text. @public */
export class SourceText {
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  constructor(options: {
    readonly document: Document.Parsed;
    readonly lines: LineCounter;
  }) {
    this.#document = options.document;
    this.#lines = options.lines;
  }

  /** From 1. */
  positionOf(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** Where the key of a field is; for what is not there, the nearest key above it. */
  locate(path: FieldPath): { line: number; column: number } {
    for (let length = path.length; length > 0; length--) {
      const offset = this.#offsetOf(path.slice(0, length));
      if (offset !== undefined) {
        return this.positionOf(offset);
      }
    }
    return this.positionOf(this.#document.contents?.range?.[0] ?? 0);
  }

  /** The problems with their places in the text. */
  place(problems: readonly Problem[]): Problem[] {
    return problems.map(problem =>
      problem.line === undefined
        ? { ...problem, ...this.locate(problem.path) }
        : problem,
    );
  }

  #offsetOf(path: FieldPath): number | undefined {
    const parent =
      path.length === 1
        ? this.#document.contents
        : this.#document.getIn(path.slice(0, -1), true);
    const last = path[path.length - 1];
    if (isMap(parent)) {
      const pair = (parent.items as Pair[]).find(
        item => isScalar(item.key) && String(item.key.value) === String(last),
      );
      return pair && isNode(pair.key) ? pair.key.range?.[0] : undefined;
    }
    const node = this.#document.getIn(path, true);
    return isNode(node) ? node.range?.[0] : undefined;
  }
}
