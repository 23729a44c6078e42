import { z } from 'zod';

const texts = z
  .union([z.string(), z.array(z.string())])
  .transform(value => [value].flat().flatMap(item => item.split(',')));

/** Several values of one key, repeated or with commas; they are alternatives. @internal */
export const values = texts
  .pipe(z.array(z.string().min(1).max(300)).max(100))
  .optional();

/** The same of a closed set. @internal */
export function listOf<S extends z.ZodType<unknown, string>>(schema: S) {
  return texts.pipe(z.array(schema).max(20)).optional();
}
