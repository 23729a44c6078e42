/** What is kept of a text that changed, and of one that came or went. */
const MOST_CHARACTERS = 2000;
const MOST_CHARACTERS_ALONE = 200;

/** The part of two texts that differs. */
export interface TextDifference {
  readonly before?: string;
  readonly after?: string;
  /** Where it begins, if the texts have lines. */
  readonly line?: number;
  readonly cut?: boolean;
}

/**
 * The lines between the first and the last that differ, in time that grows with the texts and no faster: an API
 * definition may have megabytes.
 */
export function textDifference(
  before: string | undefined,
  after: string | undefined,
): TextDifference {
  if (before === undefined || after === undefined) {
    return shorten({ before, after }, MOST_CHARACTERS_ALONE);
  }
  const left = before.split('\n');
  const right = after.split('\n');
  if (left.length === 1 && right.length === 1) {
    return shorten({ before, after }, MOST_CHARACTERS);
  }
  let start = 0;
  while (
    start < left.length &&
    start < right.length &&
    left[start] === right[start]
  ) {
    start += 1;
  }
  let end = 0;
  while (
    end < left.length - start &&
    end < right.length - start &&
    left[left.length - 1 - end] === right[right.length - 1 - end]
  ) {
    end += 1;
  }
  const between = (lines: string[]) =>
    lines.slice(start, lines.length - end).join('\n');
  return {
    ...shorten(
      { before: between(left), after: between(right) },
      MOST_CHARACTERS,
    ),
    line: start + 1,
  };
}

function shorten(
  texts: { before?: string; after?: string },
  most: number,
): TextDifference {
  const cut = [texts.before, texts.after].some(
    text => text !== undefined && text.length > most,
  );
  return {
    ...(texts.before !== undefined && { before: texts.before.slice(0, most) }),
    ...(texts.after !== undefined && { after: texts.after.slice(0, most) }),
    ...(cut && { cut }),
  };
}
