import type { Verdict } from '@waystone/plugin-infrastructure-common';
import type { ErrorSchema } from '@rjsf/utils';

const PREFIX = 'parameters.';

/** What is said of the fields of the schema, as the form shows it: below each field, with what to do. */
export function toFormErrors(verdicts: readonly Verdict[]): ErrorSchema {
  const root: Record<string, any> = {};
  for (const verdict of verdicts) {
    if (verdict.field?.startsWith(PREFIX)) {
      let place = root;
      for (const name of verdict.field.slice(PREFIX.length).split('.')) {
        place[name] ??= {};
        place = place[name];
      }
      place.__errors = [...(place.__errors ?? []), sentenceOf(verdict)];
    }
  }
  return root as ErrorSchema;
}

/** What is wrong and what to do, in one line. */
export function sentenceOf({ message, fix }: Verdict): string {
  // Names of fields stay as they are.
  const said = /^[a-z]+[ ,]/.test(message)
    ? message.charAt(0).toLocaleUpperCase('en') + message.slice(1)
    : message;
  return fix ? `${said.replace(/\.$/, '')}. ${fix}.` : said;
}
