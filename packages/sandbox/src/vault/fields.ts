import { parseDuration } from './duration';
import { invalidRequest } from './VaultError';

type Fields = Readonly<Record<string, unknown>>;

/** A text field; numbers and booleans become text, as in Vault. */
export function readText(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value === 'object') {
    throw wrongType(name);
  }
  return String(value);
}

/** A text field that has to be there. */
export function requireText(fields: Fields, name: string): string {
  const value = readText(fields, name);
  if (!value) {
    throw invalidRequest(`missing ${name}`);
  }
  return value;
}

/** A whole number, also given as text. */
export function readNumber(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === '') {
    return undefined;
  }
  const number = Number(value);
  if (!Number.isInteger(number)) {
    throw wrongType(name);
  }
  return number;
}

/** A boolean, also given as text. */
export function readBoolean(fields: Fields, name: string): boolean | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === '') {
    return undefined;
  }
  if (value === true || value === 'true' || value === '1' || value === 1) {
    return true;
  }
  if (value === false || value === 'false' || value === '0' || value === 0) {
    return false;
  }
  throw wrongType(name);
}

/** A duration in seconds, given as a number or such as `1h`. */
export function readSeconds(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === '') {
    return undefined;
  }
  const seconds = parseDuration(value);
  if (seconds === undefined) {
    throw wrongType(name);
  }
  return seconds;
}

/** A list of texts, also given as one text with commas. */
export function readList(fields: Fields, name: string): string[] | undefined {
  const value = fields[name];
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value === 'string') {
    return value
      .split(',')
      .map(item => item.trim())
      .filter(Boolean);
  }
  if (Array.isArray(value)) {
    return value.map(String);
  }
  throw wrongType(name);
}

/** An object. */
export function readObject(
  fields: Fields,
  name: string,
): Record<string, unknown> | undefined {
  const value = fields[name];
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw wrongType(name);
  }
  return value as Record<string, unknown>;
}

/** An object of texts. */
export function readTextMap(
  fields: Fields,
  name: string,
): Record<string, string> | undefined {
  const value = readObject(fields, name);
  return (
    value &&
    Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, String(item)]),
    )
  );
}

function wrongType(name: string) {
  return invalidRequest(
    `Field validation failed: error converting input for field "${name}"`,
  );
}
