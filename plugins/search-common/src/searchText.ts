/** More of a question is not read. */
export const LONGEST_QUESTION = 200;

/** More words of a question are not read. */
export const MOST_QUESTION_WORDS = 8;

/** A longer word is cut: it is no word. */
const LONGEST_WORD = 64;

const WORDS = /[\p{L}\p{N}]+/gu;
// The end of a small letter before a capital, and of capitals before a capital that begins a word: HTTPServer
const HUMPS = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;

/**
 * Small letters without accents, so that `Tomás` and `tomas` are the same. What cannot be stored as text is
 * left out.
 */
export function normalizeText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLocaleLowerCase('en-US')
    .replaceAll('\0', '');
}

/** Letters and digits alone: `order-service`, `orderService` and `Order Service` are all `orderservice`. */
export function compactText(text: string): string {
  return normalizeText(text).match(WORDS)?.join('') ?? '';
}

/**
 * The words of a text, without repeats, in order. A word with capitals in it counts as a whole and by its
 * parts: `orderService` is `orderservice`, `order`, `service`.
 *
 * @param most - how many words are read at most
 */
export function splitWords(text: string, most = 2_000): string[] {
  const found = new Set<string>();
  for (const [word] of text.normalize('NFC').matchAll(WORDS)) {
    if (found.size >= most) {
      break;
    }
    const whole = word.slice(0, LONGEST_WORD);
    for (const part of [whole, ...whole.split(HUMPS)]) {
      const normal = compactText(part);
      if (normal) {
        found.add(normal);
      }
    }
  }
  return [...found].slice(0, most);
}

/** The words that a question asks for. A word with capitals in it asks for its parts. */
export function splitQuestion(question: string): string[] {
  const words = question
    .slice(0, LONGEST_QUESTION)
    .normalize('NFC')
    .matchAll(WORDS);
  const found = new Set<string>();
  for (const [word] of words) {
    for (const part of word.slice(0, LONGEST_WORD).split(HUMPS)) {
      const normal = compactText(part);
      if (normal) {
        found.add(normal);
      }
    }
  }
  return [...found].slice(0, MOST_QUESTION_WORDS);
}
