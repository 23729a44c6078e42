import { InputError } from '@backstage/errors';
import type { Request } from 'express';
import { z } from 'zod';

const DEEPEST = 32;

/** @throws InputError that names the first field that is wrong. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  refuseUnstorable(body, []);
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      `Invalid request: ${issue.path.join('.') || 'body'}: ${issue.message}`,
    );
  }
  return parsed.data;
}

/** Text that neither the database nor a cluster takes, and nesting that nobody means. */
function refuseUnstorable(value: unknown, path: readonly string[]): void {
  const refuse = (problem: string, place = path): never => {
    throw new InputError(
      `Invalid request: ${place.slice(0, 8).join('.') || 'body'}: ${problem}`,
    );
  };
  if (typeof value === 'string') {
    // A lone half of a pair of UTF-16 is no text.
    if (value.includes('\0') || /\p{Surrogate}/u.test(value)) {
      refuse('has characters that are no text');
    }
  } else if (typeof value === 'object' && value !== null) {
    if (path.length > DEEPEST) {
      refuse(`is nested more than ${DEEPEST} deep`);
    }
    for (const [name, item] of Object.entries(value)) {
      const place = [...path, name];
      if (name === '__proto__') {
        refuse('is no name of a field', place);
      }
      refuseUnstorable(name, place);
      refuseUnstorable(item, place);
    }
  }
}

const keySchema = z
  .string({ error: 'is missing: send one that is new for each request' })
  .regex(
    /^[\x21-\x7e]{8,200}$/,
    'is not made of 8 to 200 printable characters',
  );

/** @throws InputError if there is no usable Idempotency-Key. */
export function parseKey(req: Request): string {
  const key = keySchema.safeParse(req.header('idempotency-key'));
  if (!key.success) {
    throw new InputError(
      `Invalid Idempotency-Key: it ${key.error.issues[0].message}`,
    );
  }
  return key.data;
}
