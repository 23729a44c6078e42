import type { Cost } from '@waystone/plugin-infrastructure-common';
import type { PriceRule } from '../config/InfrastructureConfig';

/** The price of a month, with what it is made of. Rounded to cents. */
export function calculateCost(
  rule: PriceRule,
  parameters: Readonly<Record<string, unknown>>,
  currency: string,
): Omit<Cost, 'budget'> {
  const lines: { label: string; amount: number }[] =
    rule.base > 0 ? [{ label: 'Base', amount: rule.base }] : [];
  let factor = 1;
  for (const part of rule.parts) {
    const value = readField(parameters, part.field) ?? part.default;
    const label = part.label ?? part.field;
    const amount = part.amounts?.[String(value)];
    if (amount) {
      lines.push({ label: `${label}: ${value}`, amount });
    }
    if (part.perUnit && typeof value === 'number' && value > 0) {
      lines.push({ label: `${label}: ${value}`, amount: part.perUnit * value });
    }
    factor *= part.factors?.[String(value)] ?? 1;
  }
  const multiplied = lines.map(line => ({
    ...line,
    amount: round(line.amount * factor),
  }));
  return {
    monthly: round(multiplied.reduce((sum, { amount }) => sum + amount, 0)),
    currency,
    lines: multiplied,
  };
}

/** A field of nested objects by its path, such as `backup.retentionDays`. */
export function readField(
  parameters: Readonly<Record<string, unknown>>,
  path: string,
): unknown {
  let value: unknown = parameters;
  for (const name of path.split('.')) {
    if (
      typeof value !== 'object' ||
      value === null ||
      !Object.hasOwn(value, name)
    ) {
      return undefined;
    }
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function round(amount: number): number {
  return Math.round(amount * 100) / 100;
}
