import type {
  CheckResult,
  EntityScorecard,
} from '@waystone/plugin-governance-common';
import type { GovernedEntity } from '../model/EntityDirectory';
import type {
  CheckDefinition,
  ScorecardDefinition,
} from './ScorecardDefinition';

/** What is known of an entity. */
export type FactValue = string | number | boolean | readonly string[];

/**
 * What is known of an entity, by name.
 *
 * @remarks
 * `null`: it is known that there is none. Undefined: nobody knows.
 */
export type Facts = (name: string) => FactValue | null | undefined;

/** Whether a scorecard is about an entity. */
export function appliesTo(
  { appliesTo: { kinds, lifecycles, types } }: ScorecardDefinition,
  { kind, lifecycle, type }: GovernedEntity,
): boolean {
  return (
    (!kinds || kinds.includes(kind)) &&
    (!types || types.includes(type ?? '')) &&
    (!lifecycles || lifecycles.includes(lifecycle ?? ''))
  );
}

/** How an entity does. */
export function evaluate(
  scorecard: ScorecardDefinition,
  facts: Facts,
): EntityScorecard {
  const { checks, description, levels, name, title } = scorecard;
  const results = checks.map(check => {
    const value = facts(check.fact);
    return {
      id: check.id,
      title: check.title,
      level: check.level,
      result: judge(check, value),
      why: check.why,
      fix: check.fix,
      found: say(value),
      evidence: check.evidence,
    };
  });
  const count = (result: CheckResult) =>
    results.filter(each => each.result === result).length;
  let level: string | undefined;
  for (const each of levels) {
    if (
      results.some(check => check.level === each && check.result !== 'pass')
    ) {
      break;
    }
    level = each;
  }
  return {
    name,
    title,
    description,
    levels,
    level,
    passed: count('pass'),
    failed: count('fail'),
    unknown: count('unknown'),
    checks: results,
  };
}

function judge(
  check: CheckDefinition,
  value: FactValue | null | undefined,
): CheckResult {
  if (value === undefined) {
    return 'unknown';
  }
  return holds(check, value) ? 'pass' : 'fail';
}

function holds(check: CheckDefinition, value: FactValue | null): boolean {
  const { atLeast, atMost, equals, excludes, exists, notIn } = check;
  if (exists) {
    return value !== null && value !== '';
  }
  if (equals !== undefined) {
    return value === equals;
  }
  if (check.in) {
    return typeof value === 'string' && check.in.includes(value);
  }
  if (notIn) {
    return !(typeof value === 'string' && notIn.includes(value));
  }
  if (excludes) {
    return Array.isArray(value) && !excludes.some(each => value.includes(each));
  }
  return (
    typeof value === 'number' &&
    (atLeast === undefined || value >= atLeast) &&
    (atMost === undefined || value <= atMost)
  );
}

function say(value: FactValue | null | undefined): string {
  if (value === undefined) {
    return 'not known';
  }
  if (value === null || value === '') {
    return 'none';
  }
  if (typeof value === 'boolean') {
    return value ? 'yes' : 'no';
  }
  return Array.isArray(value)
    ? value.join(', ') || 'none'
    : `${value}`.slice(0, 200);
}
