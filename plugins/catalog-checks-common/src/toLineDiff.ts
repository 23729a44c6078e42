import { applyEdits } from './checkCatalogFile';
import type { TextEdit } from './CatalogProblem';

/** The lines that edits change. @public */
export interface LineDiff {
  /** Of the first of them, from 1. */
  readonly line: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/**
 * What edits change, in whole lines.
 *
 * @public
 */
export function toLineDiff(text: string, edits: readonly TextEdit[]): LineDiff {
  const before = text.split('\n');
  const after = applyEdits(text, edits).split('\n');
  let start = 0;
  while (
    start < before.length &&
    start < after.length &&
    before[start] === after[start]
  ) {
    start += 1;
  }
  let same = 0;
  while (
    same < before.length - start &&
    same < after.length - start &&
    before[before.length - 1 - same] === after[after.length - 1 - same]
  ) {
    same += 1;
  }
  return {
    line: start + 1,
    removed: before.slice(start, before.length - same),
    added: after.slice(start, after.length - same),
  };
}
