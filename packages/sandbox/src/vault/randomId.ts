import { randomInt, randomUUID } from 'node:crypto';

const LETTERS =
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Letters and digits that nobody can guess. */
export function randomText(length: number): string {
  let text = '';
  for (let index = 0; index < length; index++) {
    text += LETTERS[randomInt(LETTERS.length)];
  }
  return text;
}

/** The id of a request, a mount or a role. */
export function randomId(): string {
  return randomUUID();
}
