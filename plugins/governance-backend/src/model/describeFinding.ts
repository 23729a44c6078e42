import { createHash } from 'node:crypto';
import type {
  Misconfiguration,
  Violation,
  Vulnerability,
} from '@waystone/plugin-governance-common';
import type { DueDates } from './DueDates';
import type { Finding, FindingType } from './Finding';
import type { MisconfigurationFinding, VulnerabilityFinding } from './ScanSet';
import type { ViolationFinding } from './ViolationSet';
import { chooseFix } from './versions';

/** A violation as the contract has it. */
export function describeViolation(
  finding: ViolationFinding,
  due: DueDates,
): Violation {
  const { action, engine, key, objects, rule, title } = finding;
  return {
    ...describe('violation', finding, due),
    engine,
    policy: key,
    ...(rule && { rule }),
    title,
    action,
    objects,
  };
}

/** A vulnerability as the contract has it. */
export function describeVulnerability(
  finding: VulnerabilityFinding,
  due: DueDates,
): Vulnerability {
  const { report, score, url, vulnerability } = finding;
  const { fixed, id, installed, published, title } = vulnerability;
  const version = chooseFix(installed, fixed);
  return {
    ...describe('vulnerability', finding, due),
    fix: version
      ? `Upgrade ${vulnerability.package} to ${version}, or build the image on a newer base that has it`
      : 'There is no repaired version yet: see whether it can be reached, or replace the package',
    vulnerability: id,
    title,
    ...(score !== undefined && { score }),
    ...(url && { url }),
    package: vulnerability.package,
    installed,
    ...(version && { fixed: version }),
    image: report.image,
    container: report.container,
    ...(published && { published }),
  };
}

/** A misconfiguration as the contract has it. */
export function describeMisconfiguration(
  finding: MisconfigurationFinding,
  due: DueDates,
): Misconfiguration {
  const { check } = finding;
  return {
    ...describe('misconfiguration', finding, due),
    check: check.id,
    title: check.title,
    ...(check.category && { category: check.category }),
    objects: check.objects,
  };
}

function describe(type: FindingType, finding: Finding, due: DueDates) {
  const { detail, fix, key, message, placed, severity, since, source } =
    finding;
  const end = due.of(finding);
  return {
    id: createHash('sha256')
      .update([type, placed.key, key, detail].join('\n'))
      .digest('base64url')
      .slice(0, 22),
    severity,
    subject: placed.subject,
    message,
    ...(fix && { fix }),
    since: new Date(since).toISOString(),
    ...(end !== undefined && { due: new Date(end).toISOString() }),
    overdue: end !== undefined && end < Date.now(),
    source,
  };
}
