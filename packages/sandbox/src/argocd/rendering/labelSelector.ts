import type { JsonObject } from './Json';

/**
 * Whether labels fit a selector in the API's syntax: `app=web,tier in (a, b),!legacy`.
 *
 * @internal
 */
export function matchesSelector(
  selector: string | undefined,
  labels: Readonly<Record<string, unknown>> | JsonObject | undefined,
): boolean {
  return splitTerms(selector ?? '').every(term => matchesTerm(term, labels));
}

function splitTerms(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map(term => term.trim())
    .filter(term => term !== '');
}

function matchesTerm(
  term: string,
  labels: Readonly<Record<string, unknown>> = {},
): boolean {
  const [, setKey, operator, list] =
    /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term) ?? [];
  if (setKey !== undefined) {
    const values = list.split(',').map(item => item.trim());
    const has = values.includes(String(labels[setKey] ?? ''));
    return operator === 'in' ? setKey in labels && has : !has;
  }
  const [, key, sign, value] =
    /^([^=!\s]+)\s*(==|=|!=)\s*(.*)$/.exec(term) ?? [];
  if (key !== undefined) {
    return (labels[key] === value.trim()) === (sign !== '!=');
  }
  return term.startsWith('!')
    ? !(term.slice(1).trim() in labels)
    : term in labels;
}
