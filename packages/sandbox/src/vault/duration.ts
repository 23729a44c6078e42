const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86400,
};

/**
 * Reads a duration as Vault does: a number of seconds, or Go's notation such as `1h30m`.
 *
 * @returns Seconds, or undefined if it is not a duration.
 */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? Math.trunc(value) : undefined;
  }
  if (typeof value !== 'string') {
    return undefined;
  }
  if (/^-?\d+$/.test(value)) {
    return Number(value);
  }
  const match = /^(-?)((?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d))+)$/.exec(value);
  if (!match) {
    return undefined;
  }
  let seconds = 0;
  for (const [, number, unit] of match[2].matchAll(
    /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/g,
  )) {
    seconds += Number(number) * UNITS[unit];
  }
  return Math.trunc(match[1] ? -seconds : seconds);
}

/** Writes a duration as Go does, such as `1h0m0s`. */
export function formatDuration(seconds: number): string {
  const sign = seconds < 0 ? '-' : '';
  const total = Math.abs(seconds);
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const rest = total % 60;
  if (hours > 0) {
    return `${sign}${hours}h${minutes}m${rest}s`;
  }
  return minutes > 0 ? `${sign}${minutes}m${rest}s` : `${sign}${rest}s`;
}
