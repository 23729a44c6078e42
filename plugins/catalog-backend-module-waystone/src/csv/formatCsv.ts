/**
 * RFC 4180. Values that a spreadsheet would take for a formula get an apostrophe before them.
 *
 * @internal
 */
export function formatCsv<Column extends string>(
  columns: readonly Column[],
  rows: readonly {
    readonly [column in Column]?: string | number | boolean;
  }[],
): string {
  return [columns, ...rows.map(row => columns.map(name => row[name] ?? ''))]
    .map(row => row.map(value => quote(String(value))).join(','))
    .join('\r\n')
    .concat('\r\n');
}

function quote(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
