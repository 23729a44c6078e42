import type { ImpactItem } from '@waystone/plugin-catalog-overview-common';
import { formatCsv } from '../csv/formatCsv';

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

/** @internal */
export function toCsv(items: readonly ImpactItem[]): string {
  return formatCsv(COLUMNS, items);
}
