import { waystoneFields } from '@waystone/plugin-catalog-checks-common';
import type { StoredProblem } from './problemsSql';

const MESSAGES: Readonly<Record<string, (detail: string) => string>> = {
  'processing-failed': () => 'The catalog could not take its newest version.',
  stuck: detail =>
    `It should have been looked at on ${detail}, and was not. Refresh it.`,
  'owner-unknown': detail => `Its owner ${detail} is not in the catalog.`,
  'relation-unknown': detail =>
    `It names ${detail}, which is not in the catalog.`,
  'name-claimed': detail =>
    `Two files claim its name, and the first one has it: ${detail
      .split(' ')
      .map(key => key.replace(/^(?:url|file):/, ''))
      .join(' and ')}. Rename one of them.`,
  'stack-deprecated': detail => detail,
  'stack-end-of-life': detail => detail,
  orphaned: () =>
    'Nothing brings it to the catalog any more: its file or its location is gone. Remove it, or register it again.',
  'link-unsafe': detail => `The address '${detail}' is not shown as a link.`,
  'system-missing': () => 'It belongs to no system.',
  'tier-missing': () =>
    'It has no tier, so nobody knows how urgent an outage is.',
  'runbook-missing': () =>
    "It has no runbook, so whoever is called doesn't know what to do.",
  'docs-missing': () => 'It has no documentation.',
};

/** What a problem is, in a sentence. */
export function describeProblem(
  problem: Pick<StoredProblem, 'id' | 'detail'>,
): string {
  const detail = (problem.detail ?? '').slice(0, 500);
  const field = waystoneFields.find(
    ({ title }) => problem.id === `${title.toLocaleLowerCase('en-US')}-invalid`,
  );
  return field
    ? `${field.annotation} can't be '${detail}'. ${field.description}`
    : MESSAGES[problem.id]?.(detail) ?? problem.id;
}
