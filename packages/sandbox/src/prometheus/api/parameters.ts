import { parseNumber } from '../promql/formatNumber';
import { parseDuration } from '../promql/duration';
import type { Matcher } from '../promql/Matcher';
import { parseQuery } from '../promql/parseQuery';
import { PromqlError } from '../promql/PromqlError';
import { quote } from '../promql/quote';

/** Fails as Prometheus does when a parameter is wrong. */
export function invalidParameter(name: string, reason: string): PromqlError {
  return new PromqlError(
    'bad_data',
    `invalid parameter ${quote(name)}: ${reason}`,
  );
}

/** A time in seconds or RFC 3339, as milliseconds. */
export function readTime(parameters: URLSearchParams, name: string): number {
  const text = parameters.get(name) ?? '';
  const time = parseTime(text);
  if (time === undefined) {
    throw invalidParameter(name, describeTime(text));
  }
  return time;
}

/** The same with a default, and a second sentence in the error, as Prometheus has it. */
export function readOptionalTime(
  parameters: URLSearchParams,
  name: string,
  otherwise: number,
): number {
  const text = parameters.get(name);
  if (!text) {
    return otherwise;
  }
  const time = parseTime(text);
  if (time === undefined) {
    throw invalidParameter(
      name,
      `invalid time value for '${name}': ${describeTime(text)}`,
    );
  }
  return time;
}

function describeTime(text: string): string {
  return `cannot parse ${quote(text)} to a valid timestamp`;
}

function parseTime(text: string): number | undefined {
  const seconds = parseNumber(text);
  if (seconds !== undefined) {
    return Number.isFinite(seconds) ? Math.round(seconds * 1000) : undefined;
  }
  if (
    !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text)
  ) {
    return undefined;
  }
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** A duration in seconds or as `1h30m`, as milliseconds. */
export function readDuration(
  parameters: URLSearchParams,
  name: string,
): number {
  const text = parameters.get(name) ?? '';
  const seconds = parseNumber(text);
  if (seconds !== undefined && Math.abs(seconds) >= 2 ** 63 / 1e9) {
    throw invalidParameter(
      name,
      `cannot parse ${quote(text)} to a valid duration. It overflows int64`,
    );
  }
  const duration =
    seconds === undefined || Number.isNaN(seconds)
      ? parseDuration(text)
      : seconds * 1000;
  if (duration === undefined) {
    throw invalidParameter(
      name,
      `cannot parse ${quote(text)} to a valid duration`,
    );
  }
  return duration;
}

/** How many results are wanted; 0 is all. */
export function readLimit(parameters: URLSearchParams): number {
  const text = parameters.get('limit');
  if (!text) {
    return 0;
  }
  if (!/^[+-]?\d+$/.test(text)) {
    throw invalidParameter(
      'limit',
      `strconv.Atoi: parsing ${quote(text)}: invalid syntax`,
    );
  }
  if (Number(text) < 0) {
    throw invalidParameter('limit', 'limit must be non-negative');
  }
  return Number(text);
}

/** The selectors in `match[]`, each with at least one condition. */
export function readSelectors(
  parameters: URLSearchParams,
): readonly (readonly Matcher[])[] {
  return parameters.getAll('match[]').map(text => {
    if (/^\s*\{\s*\}\s*$/.test(text)) {
      throw emptySelector();
    }
    let expression: ReturnType<typeof parseQuery>;
    try {
      expression = parseQuery(text);
    } catch (error) {
      if ((error as Error).message.endsWith('non-empty matcher')) {
        throw emptySelector();
      }
      throw invalidParameter('match[]', (error as Error).message);
    }
    if (
      expression.kind !== 'vector-selector' ||
      expression.offset !== 0 ||
      expression.at !== undefined
    ) {
      throw invalidParameter('match[]', describeUnexpected(text));
    }
    return expression.matchers;
  });
}

function emptySelector(): PromqlError {
  return invalidParameter(
    'match[]',
    'match[] must contain at least one non-empty matcher',
  );
}

/** What stands behind the name, where a selector would have ended. */
function describeUnexpected(text: string): string {
  const name = /^\s*[a-zA-Z_:][\w:]*/.exec(text)?.[0] ?? '';
  const next = text[name.length] ?? '';
  return `1:${name.length + 1}: parse error: unexpected ${
    next ? quote(next) : 'end of input'
  }`;
}
