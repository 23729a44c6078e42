import { createHash } from 'node:crypto';
import { RE2JS } from 're2js';
import { isDeepStrictEqual } from 'node:util';

/** One transform of function-patch-and-transform. */
export interface Transform {
  readonly type: string;
  readonly [field: string]: any;
}

/**
 * Changes a value as the transforms say, one after another.
 *
 * @throws Error in the words of function-patch-and-transform where it has some.
 */
export function transformValue(
  value: unknown,
  transforms: readonly Transform[] = [],
): unknown {
  return transforms.reduce(applyTransform, value);
}

function applyTransform(value: unknown, transform: Transform): unknown {
  switch (transform.type) {
    case 'map': {
      const pairs = transform.map?.pairs ?? transform.map ?? {};
      if (!Object.hasOwn(pairs, String(value))) {
        throw new Error(
          `map transform could not resolve: key ${String(
            value,
          )} is not found in map`,
        );
      }
      return pairs[String(value)];
    }
    case 'match':
      return matchValue(value, transform.match ?? {});
    case 'math':
      return calculate(value, transform.math ?? {});
    case 'string':
      return changeText(value, transform.string ?? {});
    case 'convert':
      return convert(value, transform.convert ?? {});
    default:
      throw new Error(`transform type ${transform.type} is not supported`);
  }
}

function matchValue(value: unknown, match: Transform['match']): unknown {
  for (const pattern of match.patterns ?? []) {
    const hit =
      pattern.type === 'regexp'
        ? RE2JS.compile(pattern.regexp).matcher(String(value)).find()
        : isDeepStrictEqual(String(value), String(pattern.literal));
    if (hit) {
      return pattern.result;
    }
  }
  if (match.fallbackTo === 'Input') {
    return value;
  }
  return match.fallbackValue;
}

function calculate(value: unknown, math: Transform['math']): number {
  if (typeof value !== 'number') {
    throw new Error('input is required to be a number for math transformation');
  }
  switch (math.type ?? 'Multiply') {
    case 'Multiply':
      return value * Number(math.multiply);
    case 'ClampMin':
      return Math.max(value, Number(math.clampMin));
    case 'ClampMax':
      return Math.min(value, Number(math.clampMax));
    default:
      throw new Error(`math transform type ${math.type} is not supported`);
  }
}

function changeText(value: unknown, string: Transform['string']): string {
  const text = String(value);
  switch (string.type ?? 'Format') {
    case 'Format':
      return formatText(string.fmt ?? '', [value]);
    case 'TrimPrefix':
      return text.startsWith(string.trim)
        ? text.slice(string.trim.length)
        : text;
    case 'TrimSuffix':
      return text.endsWith(string.trim)
        ? text.slice(0, text.length - string.trim.length)
        : text;
    case 'Replace':
      return text.replaceAll(string.replace.search, string.replace.replace);
    case 'Regexp': {
      const matcher = RE2JS.compile(string.regexp.match).matcher(text);
      const group = Number(string.regexp.group ?? 0);
      if (!matcher.find() || group > matcher.groupCount()) {
        throw new Error(
          `regexp "${string.regexp.match}" had no matches for group ${group}`,
        );
      }
      return matcher.group(group) ?? '';
    }
    case 'Convert':
      return convertText(value, string.convert);
    default:
      throw new Error(`string transform type ${string.type} is not supported`);
  }
}

/** The verbs of Go's fmt that compositions use. */
export function formatText(format: string, values: readonly unknown[]): string {
  let position = 0;
  return format.replace(/%%|%(?:\d+)?[sdvqf]/g, verb => {
    if (verb === '%%') {
      return '%';
    }
    if (position >= values.length) {
      return `%!${verb.at(-1)}(MISSING)`;
    }
    const value = values[position++];
    const text = typeof value === 'object' ? JSON.stringify(value) : `${value}`;
    return verb === '%q' ? JSON.stringify(text) : text;
  });
}

function convertText(value: unknown, kind: string): string {
  const text = String(value);
  const hash = (algorithm: string) =>
    createHash(algorithm).update(text).digest('hex');
  switch (kind) {
    case 'ToUpper':
      return text.toUpperCase();
    case 'ToLower':
      return text.toLowerCase();
    case 'ToBase64':
      return Buffer.from(text).toString('base64');
    case 'FromBase64':
      return Buffer.from(text, 'base64').toString('utf8');
    case 'ToJson':
      return JSON.stringify(value);
    case 'ToSha1':
      return hash('sha1');
    case 'ToSha256':
      return hash('sha256');
    case 'ToSha512':
      return hash('sha512');
    default:
      throw new Error(`string conversion type ${kind} is not supported`);
  }
}

function convert(value: unknown, { toType }: Transform['convert']): unknown {
  switch (toType) {
    case 'string':
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    case 'int':
    case 'int64':
    case 'float64': {
      const number = value === true ? 1 : Number(value);
      if (!Number.isFinite(number)) {
        throw new Error(`cannot convert ${JSON.stringify(value)} to ${toType}`);
      }
      return toType === 'float64' ? number : Math.trunc(number);
    }
    case 'bool':
      return (
        value === true ||
        value === 1 ||
        ['true', '1', 't'].includes(String(value).toLowerCase())
      );
    case 'object':
    case 'array':
      return typeof value === 'string' ? JSON.parse(value) : value;
    default:
      throw new Error(`cannot convert to ${toType}`);
  }
}
