const NAMES: Record<string, number> = {
  ...Object.fromEntries(
    'jan feb mar apr may jun jul aug sep oct nov dec'
      .split(' ')
      .map((name, index) => [name, index + 1]),
  ),
  ...Object.fromEntries(
    'sun mon tue wed thu fri sat'
      .split(' ')
      .map((name, index) => [name, index]),
  ),
};

const MACROS: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

/**
 * A cron schedule of five fields in a time zone, as sync windows have them.
 *
 * @internal
 */
export class CronSchedule {
  readonly #fields: readonly ReadonlySet<number>[];
  readonly #anyDay: boolean;
  readonly #clock: Intl.DateTimeFormat;

  /** @throws Error if the schedule or the time zone is not valid. */
  constructor(schedule: string, timeZone = 'UTC') {
    const parts = (MACROS[schedule] ?? schedule).trim().split(/\s+/);
    if (parts.length !== 5) {
      throw new Error(
        `expected exactly 5 fields, found ${parts.length}: [${parts.join(
          ' ',
        )}]`,
      );
    }
    this.#fields = parts.map((part, index) =>
      parseField(part, RANGES[index][0], RANGES[index][1]),
    );
    // With one of the two days open the other one decides; with both set either may.
    this.#anyDay = !/^[*?]/.test(parts[2]) && !/^[*?]/.test(parts[4]);
    this.#clock = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      minute: 'numeric',
      hour: 'numeric',
      day: 'numeric',
      month: 'numeric',
      weekday: 'short',
    });
  }

  /** Whether the schedule fires in the minute of a time. */
  matches(time: Date): boolean {
    const values = Object.fromEntries(
      this.#clock.formatToParts(time).map(({ type, value }) => [type, value]),
    );
    const [minutes, hours, days, months, weekdays] = this.#fields;
    const day = days.has(Number(values.day));
    const weekday = weekdays.has(NAMES[values.weekday.toLowerCase()]);
    return (
      minutes.has(Number(values.minute)) &&
      hours.has(Number(values.hour)) &&
      months.has(Number(values.month)) &&
      (this.#anyDay ? day || weekday : day && weekday)
    );
  }

  /** Whether it fired within so many milliseconds before a time, the time included. */
  firedWithin(time: Date, milliseconds: number): boolean {
    const minute = 60_000;
    const last = Math.floor(time.getTime() / minute) * minute;
    for (let at = last; at > time.getTime() - milliseconds; at -= minute) {
      if (this.matches(new Date(at))) {
        return true;
      }
    }
    return false;
  }
}

function parseField(
  text: string,
  lowest: number,
  highest: number,
): ReadonlySet<number> {
  const values = new Set<number>();
  for (const part of text.toLowerCase().split(',')) {
    const [, range, step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [from, to = undefined] =
      range === '*' || range === '?'
        ? [lowest, highest]
        : (range ?? '').split('-').map(item => NAMES[item] ?? Number(item));
    const end = to ?? (step ? highest : from);
    const weekdaySeven = highest === 6 ? 7 : highest;
    if (
      !Number.isInteger(from) ||
      !Number.isInteger(end) ||
      from < lowest ||
      end > weekdaySeven ||
      from > end ||
      Number(step ?? 1) < 1
    ) {
      throw new Error(`failed to parse int from ${part}`);
    }
    for (let value = from; value <= end; value += Number(step ?? 1)) {
      values.add(highest === 6 ? value % 7 : value);
    }
  }
  return values;
}
