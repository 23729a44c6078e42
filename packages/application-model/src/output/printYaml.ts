import { Origins } from './Origins';

/** Needs no quotes in YAML 1.1 or 1.2, whatever reads it. */
const PLAIN = /^[A-Za-z/][A-Za-z0-9_./@-]*(:[A-Za-z0-9_./@-]+)*$/;
/** Amounts, times and versions with three parts: numbers to nobody. */
const AMOUNT = /^[0-9]+(m|s|h|d|Ki|Mi|Gi|\.[0-9]+\.[0-9]+)$/;
/** Can stand between single quotes as it is. */
const SINGLE_LINE = /^[\x20-\x26\x28-\x7e\u00a1-\u1fff]*$/;
/** Words that are not texts without quotes, in any version of YAML. */
const RESERVED = /^(y|n|yes|no|on|off|true|false|null|nan|inf)$/i;
/** Can stand in a block of lines as it is. */
const BLOCK =
  /^[\x21-\x7e\u00a1-\u1fff\u2030-\ud7ff][\x20-\x7e\u00a1-\u1fff\u2030-\ud7ff]*(?:\n[\x20-\x7e\u00a1-\u1fff\u2030-\ud7ff]*)*\n$/;
/** JSON leaves them as they are, YAML 1.1 takes them for something else. */
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;
/** Not in a comment. */
const UNPRINTABLE = /[^\x20-\x7e\u00a1-\u1fff]+/g;

/**
 * Writes a value as YAML: keys in their order, always with the same bytes.
 *
 * @remarks
 *
 * Own code, because the library needs many times as long for an object with comments, which would be most of what
 * compiling costs. What it writes is read back with the library in the tests.
 *
 * @param origins - written behind the values as comments
 *
 * @public
 */
export function printYaml(value: object, origins = new Origins()): string {
  const lines: string[] = [];
  printEntries(value, '', '', origins, lines);
  lines.push('');
  return lines.join('\n');
}

/** @param first - what stands before the first entry, instead of the indent */
function printEntries(
  value: object,
  indent: string,
  first: string,
  origins: Origins | undefined,
  lines: string[],
): void {
  let prefix = first;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      const origin = origins?.child(index);
      if (isFilled(item)) {
        if (origin?.origin !== undefined) {
          lines.push(`${prefix}-${toComment(origin)}`);
          printEntries(item, deeper, deeper, origin, lines);
        } else {
          printEntries(item, deeper, `${prefix}- `, origin, lines);
        }
      } else {
        printScalar(`${prefix}-`, item, indent, origin, lines);
      }
      prefix = indent;
    });
    return;
  }
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (item === undefined) {
      continue;
    }
    const origin = origins?.child(key);
    const label = `${prefix}${printText(key)}:`;
    if (isFilled(item)) {
      lines.push(`${label}${toComment(origin)}`);
      printEntries(item, deeper, deeper, origin, lines);
    } else {
      printScalar(label, item, indent, origin, lines);
    }
    prefix = indent;
  }
}

function isFilled(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return (Array.isArray(value) ? value : Object.keys(value)).length > 0;
}

function printScalar(
  label: string,
  value: unknown,
  indent: string,
  origin: Origins | undefined,
  lines: string[],
): void {
  const comment = toComment(origin);
  if (typeof value === 'string' && value.includes('\n') && BLOCK.test(value)) {
    const keep = value.endsWith('\n\n') ? '+' : '';
    lines.push(`${label} |${keep}${comment}`);
    for (const line of value.slice(0, -1).split('\n')) {
      lines.push(line === '' ? '' : `${indent}  ${line}`);
    }
    return;
  }
  lines.push(`${label} ${printValue(value)}${comment}`);
}

function printValue(value: unknown): string {
  if (typeof value === 'string') {
    return printText(value);
  }
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? '[]' : '{}';
  }
  return JSON.stringify(value) ?? 'null';
}

function printText(text: string): string {
  if (
    (PLAIN.test(text) && !(text.length < 6 && RESERVED.test(text))) ||
    AMOUNT.test(text)
  ) {
    return text;
  }
  if (SINGLE_LINE.test(text)) {
    return `'${text}'`;
  }
  // Half of a pair is no character, and refused by every parser
  return JSON.stringify(text.toWellFormed()).replace(
    UNSAFE,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A comment ends with its line. */
function toComment(origins: Origins | undefined): string {
  return origins?.origin === undefined
    ? ''
    : ` # ${origins.origin.replace(UNPRINTABLE, ' ').slice(0, 200)}`;
}
