/** A time as ISO 8601 in UTC; undefined if it is none. One in the future is now: clocks differ. */
export function readTime(text: string | null | undefined): string | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time)
    ? undefined
    : new Date(Math.min(time, Date.now())).toISOString();
}
