/** Longer words are not compared. */
const LONGEST = 60;

/** What was probably meant: the candidate that is at most two letters away, the nearest first. */
export function nearest(
  word: string,
  candidates: readonly string[],
): string | undefined {
  if (word.length > LONGEST) {
    return undefined;
  }
  const most = word.length < 4 ? 1 : 2;
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = distanceBetween(
      word.toLocaleLowerCase('en-US'),
      candidate.toLocaleLowerCase('en-US'),
    );
    if (distance <= most && distance < (best?.distance ?? most + 1)) {
      best = { candidate, distance };
    }
  }
  return best?.candidate;
}

/** The Levenshtein distance. */
function distanceBetween(a: string, b: string): number {
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
    row = next;
  }
  return row[b.length];
}
