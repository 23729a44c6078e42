/**
 * A value as Rego's `sprintf` prints it with `%v`.
 *
 * @internal
 */
export function formatRego(value: unknown, nested = false): string {
  if (Array.isArray(value)) {
    return `[${value.map(item => formatRego(item, true)).join(', ')}]`;
  }
  if (value instanceof Set) {
    return `{${[...value]
      .sort()
      .map(item => formatRego(item, true))
      .join(', ')}}`;
  }
  if (value && typeof value === 'object') {
    return `{${Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([key, field]) => `${JSON.stringify(key)}: ${formatRego(field, true)}`,
      )
      .join(', ')}}`;
  }
  return nested && typeof value === 'string'
    ? JSON.stringify(value)
    : String(value);
}
