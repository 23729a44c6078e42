/**
 * A condition on a label.
 *
 * @public
 */
export interface AlertmanagerMatcher {
  readonly name: string;
  readonly value: string;
  /** Whether the value is a pattern (RE2) for the whole label. @defaultValue false */
  readonly isRegex?: boolean;
  /** Whether it must fit, or must not. @defaultValue true */
  readonly isEqual?: boolean;
}

/**
 * Writes a condition as the `filter` parameter has it, with the value in quotes.
 *
 * @internal
 */
export function formatMatcher(matcher: AlertmanagerMatcher): string {
  const { name, value, isRegex = false, isEqual = true } = matcher;
  const operator = isRegex
    ? { true: '=~', false: '!~' }
    : { true: '=', false: '!=' };
  const escaped = toText(value)
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n');
  return `${formatName(name)}${operator[`${isEqual}`]}"${escaped}"`;
}

function formatName(name: string): string {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)
    ? name
    : JSON.stringify(toText(name));
}

/** Half of a character cannot be sent. */
function toText(text: string): string {
  return Buffer.from(text).toString();
}
