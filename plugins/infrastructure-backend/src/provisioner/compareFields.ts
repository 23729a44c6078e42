import { isDeepStrictEqual } from 'node:util';
import type { FieldChange } from '@waystone/plugin-infrastructure-common';

/**
 * What differs, field by field, of what is wanted. Fields that only the live object has are the cluster's defaults, or
 * somebody else's.
 */
export function compareFields(
  live: unknown,
  wanted: unknown,
  path: string,
): FieldChange[] {
  if (isObject(wanted) && (isObject(live) || live === undefined)) {
    return Object.entries(wanted).flatMap(([name, value]) =>
      compareFields(live?.[name], value, `${path}.${name}`),
    );
  }
  return isDeepStrictEqual(live, wanted)
    ? []
    : [
        {
          path,
          ...(live !== undefined && { before: live }),
          ...(wanted !== undefined && { after: wanted }),
        },
      ];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
