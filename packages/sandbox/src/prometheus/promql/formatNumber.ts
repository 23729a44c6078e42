/**
 * Writes a number as Prometheus does in labels and in the values of its answers.
 *
 * @internal
 */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) {
    return 'NaN';
  }
  if (!Number.isFinite(value)) {
    return value > 0 ? '+Inf' : '-Inf';
  }
  // Both write the shortest digits that are exact; Go gives an exponent two digits.
  return String(value).replace(
    /e([+-])(\d)$/,
    (_match, sign: string, digit: string) => `e${sign}0${digit}`,
  );
}

/** Reads a number as Go does, also `+Inf` and `NaN`; undefined if it is none. */
export function parseNumber(text: string): number | undefined {
  const lower = text.toLowerCase();
  if (/^[+-]?inf(?:inity)?$/.test(lower)) {
    return lower.startsWith('-') ? -Infinity : Infinity;
  }
  if (lower === 'nan') {
    return NaN;
  }
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(lower)
    ? Number(lower)
    : undefined;
}
