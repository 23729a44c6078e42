import {
  compactText,
  splitQuestion,
  splitWords,
} from '@waystone/plugin-search-common';
import type { PaletteEntry } from './PaletteEntry';

/** Pages and actions that answer a question. @internal */
export interface EntryMatches {
  /** Those whose title begins with it, or that it is a keyword of: they come before what the server finds. */
  readonly first: readonly PaletteEntry[];
  /** Those with its words anywhere: they come after. */
  readonly other: readonly PaletteEntry[];
}

/** Finds pages and actions in the browser, in the way in which the server finds the rest. @internal */
export function matchEntries(
  entries: readonly PaletteEntry[],
  question: string,
): EntryMatches {
  const key = compactText(question);
  const asked = splitQuestion(question);
  const first: PaletteEntry[] = [];
  const other: PaletteEntry[] = [];
  if (!key) {
    return { first, other };
  }
  for (const entry of entries) {
    const words = splitWords(
      [entry.title, ...(entry.keywords ?? [])].join(' '),
    );
    if (
      compactText(entry.title).startsWith(key) ||
      entry.keywords?.some(keyword => compactText(keyword) === key)
    ) {
      first.push(entry);
    } else if (asked.every(part => words.some(word => word.startsWith(part)))) {
      other.push(entry);
    }
  }
  return { first, other };
}
