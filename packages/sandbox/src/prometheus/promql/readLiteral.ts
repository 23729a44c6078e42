import type { SyntaxNode } from '@lezer/common';
import { parseDuration } from './duration';
import { PromqlError } from './PromqlError';

/**
 * Reads a number, which may be written as a duration.
 *
 * @internal
 */
export function readNumber(
  query: string,
  node: SyntaxNode,
): { value: number; duration: boolean } {
  const text = query.slice(node.from, node.to).replaceAll(/[\s_]/g, '');
  const negative = text.startsWith('-');
  const digits = text.replace(/^[-+]/, '').toLowerCase();
  const duration = parseDuration(digits);
  const isDuration = duration !== undefined && digits !== '0';
  let value: number;
  if (isDuration) {
    value = duration / 1000;
  } else if (digits === 'inf') {
    value = Infinity;
  } else {
    value = digits === 'nan' ? NaN : Number(digits);
  }
  return { value: negative ? -value : value, duration: isDuration };
}

/** Reads a duration, in milliseconds. */
export function readDuration(query: string, node: SyntaxNode): number {
  if (node.name === 'NumberDurationLiteralInDurationContext') {
    let text = query.slice(node.from, node.to);
    // The sign of an offset is not part of the literal's node.
    const before = query.slice(0, node.from).trimEnd();
    if (before.endsWith('-') && !text.startsWith('-')) {
      text = `-${text}`;
    }
    const negative = text.startsWith('-');
    const digits = text.replace(/^[-+]\s*/, '');
    const milliseconds =
      parseDuration(digits) ?? Math.round(Number(digits) * 1000);
    return negative ? -milliseconds : milliseconds;
  }
  throw PromqlError.parse(
    query,
    node.from,
    'experimental duration expression is not enabled',
  );
}

/** Reads a duration that is more than 0, in milliseconds. */
export function readRange(query: string, node: SyntaxNode): number {
  const range = readDuration(query, node);
  if (range <= 0) {
    throw PromqlError.parse(
      query,
      node.from,
      'duration must be greater than 0',
    );
  }
  return range;
}
