import type { JsonValue } from '@backstage/types';

/** More words of one event are not found. */
const MOST_WORDS = 200;

const LONGEST_WORD = 60;

/** The words of a text that an event is found by, lower-cased. */
export function toWords(text: string): string[] {
  return text
    .normalize('NFKC')
    .toLocaleLowerCase('en-US')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map(word => word.slice(0, LONGEST_WORD).toWellFormed());
}

/** The words of everything in the values, each once. */
export function collectWords(
  ...values: readonly (JsonValue | undefined)[]
): string[] {
  const words = new Set<string>();
  const collect = (value: JsonValue | undefined) => {
    if (typeof value === 'string' || typeof value === 'number') {
      toWords(String(value)).forEach(word => words.add(word));
    } else if (typeof value === 'object' && value !== null) {
      Object.values(value).forEach(collect);
    }
  };
  values.forEach(collect);
  return [...words].slice(0, MOST_WORDS);
}
