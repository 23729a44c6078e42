import { parse } from 'yaml';
import { z } from 'zod';

/**
 * `approved`: for new services. `deprecated`: for those that are there, until the date. `end-of-life`: gets no
 * repairs since the date.
 *
 * @public
 */
export const stackStateSchema = z.enum([
  'approved',
  'deprecated',
  'end-of-life',
]);

const dateSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'has to be a date such as 2027-09-30');

/** One version of a technology. @public */
export const stackVersionSchema = z.object({
  /** Such as `21` or `1.25`; `1.25.3` is of `1.25`. */
  version: z.string().regex(/^[0-9][0-9a-z.-]{0,20}$/),
  state: stackStateSchema,
  /** When it ends, or has ended. */
  date: dateSchema.optional(),
});

/** A language or a framework. @public */
export const stackSchema = z.object({
  /** As `waystone.dev/stack` has it before the `@`. */
  name: z.string().regex(/^[a-z][a-z0-9+#.-]{0,40}$/),
  title: z.string().min(1).max(100),
  versions: z.array(stackVersionSchema).min(1).max(200),
  /** What to use instead, such as `java@21`. */
  replacement: z.string().max(100).optional(),
});

/** The file `platform/stacks.yaml`. @public */
export const stacksFileSchema = z.object({
  stacks: z.array(stackSchema).max(500),
});

/** @public */
export type StackState = z.infer<typeof stackStateSchema>;
/** @public */
export type StackVersion = z.infer<typeof stackVersionSchema>;
/** @public */
export type Stack = z.infer<typeof stackSchema>;

/** More is no list of technologies. */
const MOST_CHARACTERS = 500_000;

/**
 * Reads the text of a stacks file.
 *
 * @throws Error that names the field and what is wrong with it.
 *
 * @public
 */
export function parseStacks(text: string): readonly Stack[] {
  if (text.length > MOST_CHARACTERS) {
    throw new Error(
      `The file has ${text.length} characters, more than ${MOST_CHARACTERS}`,
    );
  }
  // The core schema leaves dates as they are written
  const result = stacksFileSchema.safeParse(parse(text, { schema: 'core' }));
  if (!result.success) {
    const [{ message, path }] = result.error.issues;
    throw new Error(`${path.join('.') || 'the file'}: ${message}`);
  }
  return result.data.stacks;
}

/**
 * What is to be said of a version that is not approved.
 *
 * @param stack - what the version is of
 *
 * @public
 */
export function describeStack(
  { replacement, title }: Stack,
  { date, state, version }: StackVersion,
): string {
  const name = `${title} ${version}`;
  const move = replacement ? ` Move to ${replacement}.` : '';
  if (state === 'end-of-life') {
    return `${name} gets no more security fixes${
      date ? ` since ${date}` : ''
    }.${move}`;
  }
  return `${name} is deprecated${date ? ` and ends on ${date}` : ''}.${move}`;
}
