import { z } from 'zod';

const storedErrorsSchema = z.array(
  z.object({ name: z.string().optional(), message: z.string() }),
);

/** How many errors of one entity are said, and how much of each. */
const MOST_ERRORS = 20;
const MOST_CHARACTERS = 1000;

/** The messages of the column `errors` of `refresh_state`. */
export function parseErrors(stored: string | null | undefined): string[] {
  try {
    return storedErrorsSchema
      .parse(JSON.parse(stored || '[]'))
      .slice(0, MOST_ERRORS)
      .map(({ message }) => message.slice(0, MOST_CHARACTERS));
  } catch {
    // Another version of the catalog wrote it; that there is an error is said anyway
    return [];
  }
}

/** Whether all that is wrong is that a source did not answer, which its owners can't change. */
export function isOutage(stored: string | null | undefined): boolean {
  const messages = parseErrors(stored);
  return (
    messages.length > 0 &&
    messages.every(
      message =>
        /unable to read url/i.test(message) &&
        !/NotFoundError|\b404\b|not allowed/i.test(message),
    )
  );
}
