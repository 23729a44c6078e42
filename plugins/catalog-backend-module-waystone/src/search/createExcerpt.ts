import { findMatches, splitQuestion } from '@waystone/plugin-search-common';

const LONGEST_EXCERPT = 200;
const BEFORE = 60;

/** What of a text is looked through. */
const LOOKED_THROUGH = 20_000;

/** The part of a text that a question asks for, or its beginning. On one line, not cut within a word. */
export function createExcerpt(body: string, question: string): string {
  const text = body.slice(0, LOOKED_THROUGH).replace(/\s+/g, ' ').trim();
  const first = splitQuestion(question).flatMap(word => {
    // The line of letters is long only once: a word is looked for, then the rest is read around it
    const at = text.toLocaleLowerCase('en-US').indexOf(word);
    return at >= 0 ? [at] : [];
  })[0];
  const around = first ?? findMatches(text.slice(0, 2_000), question)[0]?.start;
  const start = wordBegin(text, Math.max(0, (around ?? 0) - BEFORE));
  const end = wordEnd(text, start + LONGEST_EXCERPT);
  return `${start > 0 ? '… ' : ''}${text.slice(start, end).trim()}${
    end < text.length ? ' …' : ''
  }`;
}

function wordBegin(text: string, at: number): number {
  if (at === 0) {
    return 0;
  }
  const space = text.indexOf(' ', at);
  return space >= 0 && space - at < 30 ? space + 1 : at;
}

function wordEnd(text: string, at: number): number {
  if (at >= text.length) {
    return text.length;
  }
  const space = text.lastIndexOf(' ', at);
  return at - space < 30 ? space : at;
}
