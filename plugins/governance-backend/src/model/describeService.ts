import type {
  FindingsSummary,
  Freshness,
  GovernanceState,
  ServiceGovernance,
  Upgrade,
} from '@waystone/plugin-governance-common';
import type { DueDates } from './DueDates';
import type { GovernedEntity } from './EntityDirectory';
import type { Finding } from './Finding';
import type { GovernanceModel } from './GovernanceModel';
import { isOverdue, summarize, worstOf } from './listFindings';
import type { VulnerabilityFinding } from './ScanSet';
import { chooseFix, compareVersions } from './versions';

/** How many upgrades are told. */
const MOST_UPGRADES = 10;

/** What is due within so long is worth a look. */
const SOON_MS = 7 * 86_400_000;

/** What is found at a service, in a word and in numbers. */
export function describeService(
  entity: GovernedEntity,
  model: GovernanceModel,
  due: DueDates,
): ServiceGovernance {
  const own = <T extends Finding>(findings: readonly T[]) =>
    findings.filter(
      ({ placed }) => placed.subject.entityRef === entity.entityRef,
    );
  const violations = own(model.violations.findings);
  const vulnerabilities = own(model.vulnerabilities.findings);
  const misconfigurations = own(model.misconfigurations.findings);
  const freshness = [...model.policyFreshness, ...model.scanFreshness];
  const observed =
    violations.length > 0 ||
    [
      ...model.vulnerabilities.subjects(),
      ...model.misconfigurations.subjects(),
    ].some(({ subject }) => subject.entityRef === entity.entityRef);
  return {
    entityRef: entity.entityRef,
    title: entity.title,
    ...(entity.owner && { owner: entity.owner }),
    observed,
    ...judge({ due, freshness, observed, violations, vulnerabilities }),
    violations: summarize(violations, due),
    vulnerabilities: summarize(vulnerabilities, due),
    misconfigurations: summarize(misconfigurations, due),
    upgrades: findUpgrades(vulnerabilities),
    freshness,
  };
}

/** Sentences count the same in every state, so that two services can be compared. */
function judge(options: {
  readonly due: DueDates;
  readonly freshness: readonly Freshness[];
  readonly observed: boolean;
  readonly violations: readonly Finding[];
  readonly vulnerabilities: readonly Finding[];
}): {
  readonly state: GovernanceState;
  readonly reason: string;
  readonly since?: string;
} {
  const { due, freshness, observed, violations, vulnerabilities } = options;
  if (!observed) {
    return {
      state: 'unknown',
      reason:
        freshness.length === 0
          ? 'No policy engine and no scanner is connected'
          : 'Nothing that is audited or scanned runs for it',
    };
  }
  const now = Date.now();
  // What nobody can repair yet is told, and does not make a service red.
  const actionable = [
    ...violations,
    ...vulnerabilities.filter(({ fixable }) => fixable),
  ];
  const overdue = actionable.filter(each => isOverdue(each, due, now));
  const critical = actionable.filter(({ severity }) => severity === 'critical');
  const soon = actionable.filter(
    each => (due.of(each) ?? Infinity) < now + SOON_MS,
  );
  const high = actionable.filter(({ severity }) => severity === 'high');
  const say = (
    state: GovernanceState,
    findings: readonly Finding[],
    reason: string,
  ) => ({
    state,
    reason,
    since: new Date(
      findings.reduce((oldest, each) => Math.min(oldest, each.since), now),
    ).toISOString(),
  });
  if (overdue.length > 0) {
    return say('critical', overdue, `${overdue.length} past due`);
  }
  if (critical.length > 0) {
    return say('critical', critical, `${critical.length} critical to repair`);
  }
  if (high.length > 0) {
    return say('attention', high, `${high.length} high to repair`);
  }
  if (soon.length > 0) {
    return say('attention', soon, `${soon.length} due within a week`);
  }
  const rest = violations.length + vulnerabilities.length;
  return {
    state: 'healthy',
    reason: rest === 0 ? 'Nothing is found' : `${rest} of little weight`,
  };
}

/** One upgrade of a package repairs all that is repaired up to its version. */
function findUpgrades(findings: readonly VulnerabilityFinding[]): Upgrade[] {
  const packages = new Map<
    string,
    { to: string; found: VulnerabilityFinding[] }
  >();
  for (const finding of findings) {
    const { fixed, installed, package: name } = finding.vulnerability;
    const to = chooseFix(installed, fixed);
    if (to) {
      const key = `${name} ${installed}`;
      const known = packages.get(key);
      if (known) {
        known.found.push(finding);
        known.to = compareVersions(to, known.to) > 0 ? to : known.to;
      } else {
        packages.set(key, { to, found: [finding] });
      }
    }
  }
  return [...packages.values()]
    .map(({ found, to }) => ({
      to,
      found,
      summary: summarizeSeverities(found),
    }))
    .sort(
      (a, b) =>
        compareSummaries(a.summary, b.summary) ||
        b.found.length - a.found.length,
    )
    .slice(0, MOST_UPGRADES)
    .map(({ found, summary, to }) => ({
      package: found[0].vulnerability.package,
      installed: found[0].vulnerability.installed,
      to,
      repairs: new Set(found.map(({ key }) => key)).size,
      worst: worstOf(summary) ?? 'unknown',
    }));
}

function summarizeSeverities(
  findings: readonly Finding[],
): FindingsSummary['severities'] {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
  findings.forEach(({ severity }) => {
    counts[severity] += 1;
  });
  return counts;
}

function compareSummaries(
  a: FindingsSummary['severities'],
  b: FindingsSummary['severities'],
): number {
  return (
    b.critical - a.critical ||
    b.high - a.high ||
    b.medium - a.medium ||
    b.low - a.low
  );
}
