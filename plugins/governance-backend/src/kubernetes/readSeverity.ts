import { severitySchema } from '@waystone/plugin-governance-common';
import type { Severity } from '@waystone/plugin-governance-common';

/** A severity in anybody's spelling: `CRITICAL`, `info`, `Moderate`. */
export function readSeverity(
  text: string | undefined,
  otherwise: Severity = 'unknown',
): Severity {
  const word = text?.trim().toLocaleLowerCase('en-US') ?? '';
  const known = severitySchema.safeParse(word);
  if (known.success) {
    return known.data;
  }
  switch (word) {
    case 'moderate':
      return 'medium';
    case 'info':
    case 'negligible':
    case 'none':
      return 'low';
    default:
      return otherwise;
  }
}
