import { InputError } from '@backstage/errors';
import type { z } from 'zod';

/**
 * What a request asks for.
 *
 * @param what - of what the message speaks
 * @throws InputError - it is not what the schema describes; names the first field that is wrong
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string = 'query parameter',
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      `Invalid ${what} '${issue.path.join('.')}': ${issue.message}`,
    );
  }
  return parsed.data;
}
