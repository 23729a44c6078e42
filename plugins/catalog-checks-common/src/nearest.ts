/** Longer words are not compared. */
const LONGEST = 200;

/**
 * What was probably meant: the candidate that is at most two letters away (insert, delete, replace), the
 * nearest first.
 */
export function nearest(
  word: string,
  candidates: readonly string[],
): string | undefined {
  const most = word.length < 5 ? 1 : 2;
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of word.length > LONGEST ? [] : candidates) {
    if (Math.abs(candidate.length - word.length) <= most) {
      const distance = distanceWithin(word, candidate, best?.distance ?? most);
      if (distance !== undefined && distance < (best?.distance ?? most + 1)) {
        best = { candidate, distance };
      }
    }
  }
  return best?.candidate;
}

/** The Levenshtein distance, or undefined as soon as it is more than `most`. */
function distanceWithin(
  a: string,
  b: string,
  most: number,
): number | undefined {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(
        next[j - 1] + 1,
        row[j] + 1,
        row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    }
    if (Math.min(...next) > most) {
      return undefined;
    }
    row = next;
  }
  return row[b.length] <= most ? row[b.length] : undefined;
}
