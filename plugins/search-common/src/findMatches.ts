import { compactText, LONGEST_QUESTION, splitQuestion } from './searchText';

/** A part of a text: from `start` up to, not with, `end`. */
export interface TextMatch {
  readonly start: number;
  readonly end: number;
}

/**
 * The parts of a text that a question asks for: the beginnings of words, or else all of it where it is written
 * together. Bounded by the product of both lengths.
 */
export function findMatches(text: string, question: string): TextMatch[] {
  const { letters, places, begins } = readLetters(text);
  const words = splitQuestion(question);
  const marked = words.flatMap(word =>
    begins
      .filter(begin => letters.startsWith(word, begin))
      .map(begin => toMatch(places, begin, word.length)),
  );
  if (marked.length > 0) {
    return merge(text, marked);
  }
  const whole = compactText(question.slice(0, LONGEST_QUESTION));
  const at = whole.length > 1 ? letters.indexOf(whole) : -1;
  return at < 0 ? [] : [toMatch(places, at, whole.length)];
}

/** Letters and digits of a text without accents, with where each stands and which begin a word. */
function readLetters(text: string) {
  let letters = '';
  const places: { start: number; end: number }[] = [];
  const begins: number[] = [];
  let before = '';
  let start = 0;
  for (const character of text) {
    const end = start + character.length;
    const plain = compactText(character);
    if (plain) {
      const hump = /\p{Lu}/u.test(character) && /[\p{Ll}\p{N}]/u.test(before);
      if (hump || !/[\p{L}\p{N}]/u.test(before)) {
        begins.push(letters.length);
      }
      letters += plain;
      for (let index = 0; index < plain.length; index++) {
        places.push({ start, end });
      }
    } else if (/\p{M}/u.test(character) && places.length > 0) {
      // A mark of its own belongs to the letter before it
      places[places.length - 1] = { ...places[places.length - 1], end };
      start = end;
      continue;
    }
    before = character;
    start = end;
  }
  return { letters, places, begins };
}

function toMatch(
  places: readonly TextMatch[],
  at: number,
  length: number,
): TextMatch {
  return { start: places[at].start, end: places[at + length - 1].end };
}

/** Matches that follow each other, but for signs between them, are one. */
function merge(text: string, matches: readonly TextMatch[]): TextMatch[] {
  const merged: TextMatch[] = [];
  for (const match of [...matches].sort(
    (a, b) => a.start - b.start || b.end - a.end,
  )) {
    const last = merged.at(-1);
    if (last && !/[\p{L}\p{N}]/u.test(text.slice(last.end, match.start))) {
      merged[merged.length - 1] = {
        start: last.start,
        end: Math.max(last.end, match.end),
      };
    } else {
      merged.push(match);
    }
  }
  return merged;
}
