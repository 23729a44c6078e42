import type { JsonObject, JsonValue } from '@backstage/types';
import { REDACTED, redactText } from './redactText';

/** Of one event. What is longer is cut, and says so. */
const MOST_CHARACTERS = 8_000;

const LONGEST_TEXT = 1_000;
const LONGEST_LIST = 50;
const DEEPEST = 6;

/** The last word of a key whose value is a secret. */
const SECRET_WORDS = new Set([
  'password',
  'passwords',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'secrets',
  'token',
  'tokens',
  'authorization',
  'cookie',
  'cookies',
  'credential',
  'credentials',
  'apikey',
  'privatekey',
]);

/** A key that ends with one of these and 'key'. */
const SECRET_KEYS = new Set(['api', 'access', 'private', 'secret', 'signing']);

/**
 * The details of an event without secrets, and not longer than what belongs into a table.
 *
 * @remarks
 * A value is left out by its key (`password`, `clientSecret`, `apiKey` …) and by how it looks
 * ({@link redactText}). `secretName` and the like stay: they say where a secret is, not what it is.
 *
 * @public
 */
export function redactMeta(meta: object): JsonObject {
  const clean = redactObject(meta, 0, new Set());
  const length = JSON.stringify(clean).length;
  if (length <= MOST_CHARACTERS) {
    return clean;
  }
  const kept: JsonObject = {};
  let left = MOST_CHARACTERS;
  for (const [key, value] of Object.entries(clean)) {
    left -= key.length + JSON.stringify(value ?? null).length;
    kept[key] = left > 0 ? value : '(left out: too long)';
    if (left < -MOST_CHARACTERS && Object.keys(kept).length > LONGEST_LIST) {
      break;
    }
  }
  return { ...kept, truncated: `${length} characters` };
}

function redactObject(
  value: object,
  depth: number,
  above: Set<object>,
): JsonObject {
  const result: JsonObject = {};
  const within = new Set(above).add(value);
  const entries = Object.entries(value);
  for (const [key, each] of entries.slice(0, LONGEST_LIST)) {
    const name = redactText(key.slice(0, 200));
    if (each === undefined || typeof each === 'function') {
      continue;
    }
    result[name] =
      isSecretKey(key) && each !== null && each !== ''
        ? REDACTED
        : redactValue(each, depth + 1, within);
  }
  if (entries.length > LONGEST_LIST) {
    result['…'] = `${entries.length - LONGEST_LIST} more`;
  }
  return result;
}

function redactValue(
  value: unknown,
  depth: number,
  above: Set<object>,
): JsonValue {
  if (typeof value === 'string') {
    // Cut after looking for secrets: half a secret may not look like one.
    const clean = redactText(value.slice(0, 20 * LONGEST_TEXT));
    return clean.length > LONGEST_TEXT
      ? `${clean.slice(0, LONGEST_TEXT).toWellFormed()}…`
      : clean;
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : String(value);
  }
  if (typeof value === 'boolean' || value === null) {
    return value;
  }
  if (value instanceof Date) {
    return Number.isNaN(value.valueOf()) ? null : value.toISOString();
  }
  if (typeof value !== 'object') {
    return String(value);
  }
  if (above.has(value) || depth > DEEPEST) {
    return '…';
  }
  if (Array.isArray(value)) {
    const within = new Set(above).add(value);
    const items = value
      .slice(0, LONGEST_LIST)
      .map(item => redactValue(item, depth + 1, within));
    return value.length > LONGEST_LIST
      ? [...items, `… ${value.length - LONGEST_LIST} more`]
      : items;
  }
  return redactObject(value, depth, above);
}

function isSecretKey(key: string): boolean {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLocaleLowerCase('en-US')
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const last = words.at(-1) ?? '';
  return (
    SECRET_WORDS.has(last) ||
    (last === 'key' && SECRET_KEYS.has(words.at(-2) ?? ''))
  );
}
