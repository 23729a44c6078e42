/** The functions that change each value by itself, by name. */
export const INSTANT_FUNCTIONS: ReadonlyMap<string, (value: number) => number> =
  new Map<string, (value: number) => number>([
    ['abs', Math.abs],
    ['acos', Math.acos],
    ['acosh', Math.acosh],
    ['asin', Math.asin],
    ['asinh', Math.asinh],
    ['atan', Math.atan],
    ['atanh', Math.atanh],
    ['ceil', Math.ceil],
    ['cos', Math.cos],
    ['cosh', Math.cosh],
    ['deg', value => (value * 180) / Math.PI],
    ['exp', Math.exp],
    ['floor', Math.floor],
    ['ln', Math.log],
    ['log10', Math.log10],
    ['log2', Math.log2],
    ['rad', value => (value * Math.PI) / 180],
    ['sgn', Math.sign],
    ['sin', Math.sin],
    ['sinh', Math.sinh],
    ['sqrt', Math.sqrt],
    ['tan', Math.tan],
    ['tanh', Math.tanh],
  ]);

const DATE_PARTS: Readonly<Record<string, (date: Date) => number>> = {
  day_of_month: date => date.getUTCDate(),
  day_of_week: date => date.getUTCDay(),
  day_of_year: date =>
    Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0)) / 864e5) +
    1,
  days_in_month: date =>
    new Date(
      Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0),
    ).getUTCDate(),
  hour: date => date.getUTCHours(),
  minute: date => date.getUTCMinutes(),
  month: date => date.getUTCMonth() + 1,
  year: date => date.getUTCFullYear(),
};

/** The functions of a point in time, by name; the argument is in seconds since 1970. */
export const DATE_FUNCTIONS: ReadonlyMap<string, (seconds: number) => number> =
  new Map(
    Object.entries(DATE_PARTS).map(([name, read]) => [
      name,
      seconds => read(new Date(Math.trunc(seconds) * 1000)),
    ]),
  );
