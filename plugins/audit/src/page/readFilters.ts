import type { EventFilters } from '../api/AuditClient';

/** How far back the list may be asked to go. */
export const SINCE = ['hour', 'day', 'week', 'month'] as const;

const HOUR_MS = 3600 * 1000;

const LENGTH_MS: Readonly<Record<(typeof SINCE)[number], number>> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
};

/** The keys of the address that are filters. */
export const FILTERS = [
  'actor',
  'plugin',
  'event',
  'severity',
  'outcome',
  'entity',
  'from',
  'to',
  'since',
  'q',
  'reads',
] as const;

/**
 * What the address asks for.
 *
 * @param now - milliseconds since the epoch; 'since' counts back from its minute, so that the question stays the same for one
 */
export function readFilters(
  params: URLSearchParams,
  now: number,
): EventFilters {
  const since = SINCE.find(value => value === params.get('since'));
  const values = Object.fromEntries(
    FILTERS.filter(name => name !== 'since').map(name => [
      name,
      params.get(name) || undefined,
    ]),
  );
  const minute = Math.floor(now / 60_000) * 60_000;
  return {
    ...values,
    ...(since && { from: new Date(minute - LENGTH_MS[since]).toISOString() }),
  };
}
