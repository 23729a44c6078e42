import { InputError } from '@backstage/errors';
import type { z } from 'zod';

/**
 * Reads what came from outside.
 *
 * @throws InputError that names the field.
 */
export function parse<S extends z.ZodType>(
  schema: S,
  value: unknown,
  what = 'query',
): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      `Invalid ${what}: ${issue.path.join('.') || what}: ${issue.message}`,
    );
  }
  return parsed.data;
}
