import { InputError } from '@backstage/errors';
import type { Request } from 'express';
import { z } from 'zod';

/** @throws InputError that names the first field that is wrong. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      `Invalid request: ${issue.path.join('.') || 'body'}: ${issue.message}`,
    );
  }
  return parsed.data;
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
