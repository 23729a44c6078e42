import { invalidRequest } from '../VaultError';

const PREFIX = 'custom_metadata validation failed';
const MAX_KEYS = 64;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 512;

/**
 * Checks what somebody wants to note about a secret.
 *
 * @param existing - What stays as it is unless the new value names it; a null removes.
 * @returns Undefined if nothing was given.
 */
export function readCustomMetadata(
  value: unknown,
  existing: Readonly<Record<string, string>>,
): Record<string, string> | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw invalidRequest(
      'Field validation failed: error converting input for field "custom_metadata"',
    );
  }
  const result = new Map(Object.entries(existing));
  for (const [key, item] of Object.entries(value as object)) {
    if (item === null) {
      result.delete(key);
      continue;
    }
    if (typeof item === 'object') {
      throw invalidRequest(
        `${PREFIX}: '' expected type 'string', got unconvertible type 'map[string]interface {}'`,
      );
    }
    result.set(key, String(item));
  }
  const problems = [...result].flatMap(([key, text]) => check(key, text));
  if (result.size > MAX_KEYS) {
    problems.unshift(
      `${PREFIX}: payload must contain at most ${MAX_KEYS} keys, provided ${result.size}`,
    );
  }
  if (problems.length > 0) {
    throw invalidRequest(
      `${problems.length} error${
        problems.length > 1 ? 's' : ''
      } occurred:\n\t* ${problems.join('\n\t* ')}\n\n`,
    );
  }
  return Object.fromEntries(result);
}

function check(key: string, text: string): string[] {
  const problems: string[] = [];
  if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
    problems.push(
      `${PREFIX}: length of key "${key}" is ${key.length} but must be 0 < len(key) <= ${MAX_KEY_LENGTH}`,
    );
  }
  if (text.length === 0 || text.length > MAX_VALUE_LENGTH) {
    problems.push(
      `${PREFIX}: length of value for key "${key}" is ${text.length} but must be 0 < len(value) <= ${MAX_VALUE_LENGTH}`,
    );
  }
  return problems;
}
