const UNITS: readonly (readonly [string, number])[] = [
  ['y', 365 * 24 * 3600 * 1000],
  ['w', 7 * 24 * 3600 * 1000],
  ['d', 24 * 3600 * 1000],
  ['h', 3600 * 1000],
  ['m', 60 * 1000],
  ['s', 1000],
  ['ms', 1],
];

const PATTERN =
  /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/**
 * Reads a duration as Prometheus writes it, such as `1h30m`.
 *
 * @returns milliseconds; undefined if it is not a duration
 *
 * @internal
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') {
    return 0;
  }
  const match = PATTERN.exec(text);
  if (!match || text === '') {
    return undefined;
  }
  return UNITS.reduce(
    (sum, [, size], index) => sum + Number(match[index + 1] ?? 0) * size,
    0,
  );
}

/** Writes a duration as Prometheus does: `5400000` is `1h30m`; years, weeks and days only where they come out even. */
export function formatDuration(milliseconds: number): string {
  let left = Math.trunc(milliseconds);
  if (left === 0) {
    return '0s';
  }
  let text = '';
  for (const [unit, size] of UNITS) {
    const exact = unit === 'y' || unit === 'w' || unit === 'd';
    const count = Math.floor(left / size);
    if (count === 0 || (exact && left % size !== 0)) {
      continue;
    }
    text += `${count}${unit}`;
    left -= count * size;
  }
  return text;
}
