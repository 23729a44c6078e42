import type { Chart } from '@waystone/plugin-observability-common';

/** A value with its unit, such as `182 ms`; a dash where nothing is known. */
export function formatValue(
  value: number | null | undefined,
  unit: Chart['unit'],
): string {
  if (value === null || value === undefined) {
    return '–';
  }
  switch (unit) {
    case 'per-second':
      return `${shorten(value)}/s`;
    case 'ratio':
      return `${Number((value * 100).toPrecision(value >= 0.995 ? 4 : 2))} %`;
    case 'seconds':
      return value < 1
        ? `${Number((value * 1000).toPrecision(3))} ms`
        : `${Number(value.toPrecision(3))} s`;
    case 'cores':
      return String(Number(value.toPrecision(2)));
    default:
      return formatBytes(value);
  }
}

function shorten(value: number): string {
  if (value >= 1e6) {
    return `${Number((value / 1e6).toPrecision(3))} M`;
  }
  return value >= 1e4
    ? `${Number((value / 1e3).toPrecision(3))} k`
    : String(Number(value.toPrecision(3)));
}

function formatBytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let rest = value;
  let unit = 0;
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit += 1;
  }
  return `${Number(rest.toPrecision(3))} ${units[unit]}`;
}
