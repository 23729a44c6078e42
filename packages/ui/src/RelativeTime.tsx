const units: Array<[Intl.RelativeTimeFormatUnit, number]> = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['week', 7 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
];

/**
 * '3 hours ago', 'yesterday', 'now'; `now` and `value` in milliseconds since the epoch.
 *
 * @public
 */
export function formatRelativeTime(value: number, now: number): string {
  const seconds = (value - now) / 1000;
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) {
      return format.format(Math.round(seconds / length), unit);
    }
  }
  return format.format(0, 'second');
}

/**
 * A moment as people say it, the exact time in the reader's zone on hover. `value` is RFC 3339.
 *
 * @public
 */
export function RelativeTime(props: { value: string }) {
  const time = Date.parse(props.value);
  if (Number.isNaN(time)) {
    return null;
  }
  return (
    <time dateTime={props.value} title={new Date(time).toLocaleString()}>
      {formatRelativeTime(time, Date.now())}
    </time>
  );
}
