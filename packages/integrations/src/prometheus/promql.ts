/**
 * A piece of PromQL that is safe to put together with others.
 *
 * @public
 */
export class Promql {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** Takes a text as PromQL. Only for what somebody wrote as a query, never for values. */
  static trusted(text: string): Promql {
    return new Promql(text);
  }

  toString(): string {
    return this.#text;
  }
}

/** How a label's value is compared. @public */
export type LabelOperator = '=' | '!=' | '=~' | '!~';

/**
 * Conditions on labels: a text is compared as it is, a list means any of its texts, undefined is no condition, and
 * an object says how to compare. Patterns are RE2 and match the whole value.
 *
 * @public
 */
export type LabelConditions = Readonly<
  Record<
    string,
    | string
    | readonly string[]
    | { readonly operator: LabelOperator; readonly value: string }
    | undefined
  >
>;

/**
 * Puts a query together. Texts among the values become string literals, numbers become numbers, and only
 * {@link Promql} is inserted as it is, so that no value can change the query.
 *
 * @example promql`sum(rate(${promqlSelector('http_requests_total', { job })}[${promqlDuration(300)}]))`
 *
 * @public
 */
export function promql(
  strings: TemplateStringsArray,
  ...values: readonly (Promql | string | number)[]
): Promql {
  return Promql.trusted(
    strings.reduce(
      (text, part, index) => `${text}${format(values[index - 1])}${part}`,
    ),
  );
}

function format(value: Promql | string | number): string {
  if (typeof value === 'string') {
    return quote(value);
  }
  if (typeof value === 'number') {
    return formatNumber(value);
  }
  return value.toString();
}

function formatNumber(value: number): string {
  if (Number.isNaN(value)) {
    return 'NaN';
  }
  return Number.isFinite(value) ? String(value) : `${value > 0 ? '+' : '-'}Inf`;
}

/**
 * Selects series by the metric's name and by labels.
 *
 * @throws TypeError if there is no condition that an absent label does not meet: it would select everything.
 *
 * @public
 */
export function promqlSelector(
  metric: string | undefined,
  conditions: LabelConditions = {},
): Promql {
  const matchers = Object.entries(conditions).flatMap(([name, condition]) =>
    condition === undefined ? [] : [formatCondition(name, condition)],
  );
  const isPlain =
    metric !== undefined && /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(metric);
  if (metric !== undefined && !isPlain) {
    matchers.unshift(`__name__=${quote(metric)}`);
  }
  if (metric === undefined || metric === '') {
    const selects = Object.values(conditions).some(
      condition =>
        condition !== undefined && condition !== '' && isNarrow(condition),
    );
    if (!selects) {
      throw new TypeError(
        'Cannot make a selector: it needs a metric or the value of a label',
      );
    }
  }
  const name = isPlain ? metric : '';
  return Promql.trusted(
    matchers.length > 0 ? `${name}{${matchers.join(',')}}` : name,
  );
}

function isNarrow(condition: NonNullable<LabelConditions[string]>): boolean {
  return (
    typeof condition === 'string' ||
    'length' in condition ||
    (condition.operator === '=' && condition.value !== '') ||
    (condition.operator === '=~' && !/^\.\*$|^$/.test(condition.value))
  );
}

function formatCondition(
  name: string,
  condition: NonNullable<LabelConditions[string]>,
): string {
  const label = /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : quote(name);
  if (typeof condition === 'string') {
    return `${label}=${quote(condition)}`;
  }
  if ('length' in condition) {
    return `${label}=~${quote(condition.map(escapePattern).join('|'))}`;
  }
  return `${label}${condition.operator}${quote(condition.value)}`;
}

/**
 * A time span such as `5m`.
 *
 * @param seconds - more than 0; rounded to milliseconds
 *
 * @public
 */
export function promqlDuration(seconds: number): Promql {
  const milliseconds = Math.round(seconds * 1000);
  if (!Number.isSafeInteger(milliseconds) || milliseconds <= 0) {
    throw new TypeError(`Cannot make a time span of ${seconds} seconds`);
  }
  return Promql.trusted(
    milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`,
  );
}

/** A pattern that matches exactly this text. @public */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

function quote(text: string): string {
  // JSON's escapes are among those of PromQL. Half of a character is none there and becomes U+FFFD, which
  // Prometheus takes for broken UTF-8 unless it is escaped.
  return JSON.stringify(Buffer.from(text).toString()).replaceAll(
    '\ufffd',
    '\\ufffd',
  );
}
