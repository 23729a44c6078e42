import type MarkdownIt from 'markdown-it';

// Taken from the parser itself: the package's own names differ between its CommonJS and its module types.

/** State of block rules. */
export type StateBlock = Parameters<
  Parameters<MarkdownIt['block']['ruler']['push']>[1]
>[0];
/** State of inline rules. */
export type StateInline = Parameters<
  Parameters<MarkdownIt['inline']['ruler']['push']>[1]
>[0];
/** State of rules over the whole page. */
export type StateCore = Parameters<
  Parameters<MarkdownIt['core']['ruler']['push']>[1]
>[0];
/** One token. */
export type Token = StateBlock['tokens'][number];
/** A possible beginning or end of emphasis. */
export type Delimiter = StateInline['delimiters'][number];
