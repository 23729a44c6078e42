/** Longer texts of a cluster are cut: people read a sentence, and somebody could write a book. */
export const MOST_TEXT = 1_000;

/** A text without the white space around it, at most so long; undefined if nothing is left. */
export function shorten(text: string | undefined): string | undefined {
  return text?.replace(/\s+/g, ' ').trim().slice(0, MOST_TEXT) || undefined;
}
