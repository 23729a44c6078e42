import type { ImpactItem } from '@waystone/plugin-catalog-overview-common';

const COLUMNS = [
  'entityRef',
  'title',
  'kind',
  'type',
  'lifecycle',
  'tier',
  'owner',
  'system',
  'depth',
  'via',
] as const satisfies readonly (keyof ImpactItem)[];

/**
 * RFC 4180. Values that a spreadsheet would take for a formula get an apostrophe before them.
 *
 * @internal
 */
export function toCsv(items: readonly ImpactItem[]): string {
  return [COLUMNS, ...items.map(item => COLUMNS.map(name => item[name] ?? ''))]
    .map(row => row.map(value => quote(String(value))).join(','))
    .join('\r\n')
    .concat('\r\n');
}

function quote(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
