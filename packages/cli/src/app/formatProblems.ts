import { APPLICATION_FILE } from '@waystone/application-model';
import type { Problem } from '@waystone/application-model';

/** Problems for people: place, what is wrong, and below it what to write instead. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ line, column, severity, message, suggestion, field, code }) => {
      const place = [APPLICATION_FILE, line, column]
        .filter(part => part !== undefined)
        .join(':');
      const where = line === undefined && field ? `${field}: ` : '';
      return `${place}  ${severity}  ${where}${message}\n    ${
        suggestion ?? ''
      }  [${code}]\n`;
    })
    .join('');
}
