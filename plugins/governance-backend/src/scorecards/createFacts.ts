import type { DueDates } from '../model/DueDates';
import type { GovernedEntity } from '../model/EntityDirectory';
import type { Finding } from '../model/Finding';
import type { GovernanceModel } from '../model/GovernanceModel';
import { isOverdue } from '../model/listFindings';
import type { SecretDirectory } from '../secrets/SecretDirectory';
import type { FactValue, Facts } from './evaluate';
import type { PillarFacts } from './PillarFacts';

/** Where facts come from. */
export interface FactSources {
  readonly due: DueDates;
  readonly model: GovernanceModel;
  readonly pillars: PillarFacts;
  readonly secrets: SecretDirectory;
}

/**
 * Makes the facts of entities: what this plugin knows itself is counted once for all of them.
 *
 * @returns A function that gives the facts of one.
 */
export function createFacts({
  due,
  model,
  pillars,
  secrets,
}: FactSources): (entity: GovernedEntity) => Facts {
  const now = Date.now();
  const violations = byEntity(model.violations.findings);
  const vulnerabilities = byEntity(model.vulnerabilities.findings);
  const scanned = new Set<string>();
  for (const { subject } of [
    ...model.vulnerabilities.subjects(),
    ...model.misconfigurations.subjects(),
  ]) {
    if (subject.entityRef) {
      scanned.add(subject.entityRef);
    }
  }
  const hasPolicies = !model.violations.isEmpty;
  return entity => {
    const ref = entity.entityRef;
    const broken = violations.get(ref) ?? [];
    const weak = vulnerabilities.get(ref) ?? [];
    const overdue = [...broken, ...weak].filter(each =>
      isOverdue(each, due, now),
    );
    // What runs nowhere that anybody looks at is not known to be well.
    const ifScanned = <T>(value: T) => (scanned.has(ref) ? value : undefined);
    const ifAudited = <T>(value: T) =>
      hasPolicies && (scanned.has(ref) || broken.length > 0)
        ? value
        : undefined;
    const own: Readonly<Record<string, () => FactValue | null | undefined>> = {
      'catalog.owner': () => entity.owner ?? null,
      'catalog.system': () => entity.system ?? null,
      'catalog.description': () => entity.description ?? null,
      'catalog.lifecycle': () => entity.lifecycle ?? null,
      'catalog.type': () => entity.type ?? null,
      'catalog.links': () => entity.links,
      'catalog.tags': () => entity.tags,
      'catalog.apis': () => entity.apis,
      'docs.exists': () =>
        ['backstage.io/techdocs-ref', 'backstage.io/techdocs-entity'].some(
          name => Boolean(entity.annotations[name]),
        ),
      'policy.broken': () => ifAudited(broken.map(({ key }) => key)),
      'policy.violations': () => ifAudited(broken.length),
      'policy.refused': () =>
        ifAudited(broken.filter(({ action }) => action === 'deny').length),
      'vulnerabilities.critical': () => ifScanned(count(weak, 'critical')),
      'vulnerabilities.high': () => ifScanned(count(weak, 'high')),
      'vulnerabilities.repairableCritical': () =>
        ifScanned(
          count(
            weak.filter(({ fixable }) => fixable),
            'critical',
          ),
        ),
      'vulnerabilities.overdueCritical': () =>
        ifScanned(
          count(
            weak.filter(each => isOverdue(each, due, now)),
            'critical',
          ),
        ),
      'findings.overdue': () => ifScanned(overdue.length),
      'secrets.overdue': () => {
        const known = secrets.of(ref);
        return known.length > 0
          ? known.filter(secret => secret.overdue).length
          : undefined;
      },
    };
    return name => {
      const annotation = /^catalog\.annotations\.(.+)$/.exec(name)?.[1];
      if (annotation) {
        return entity.annotations[annotation] ?? null;
      }
      return Object.hasOwn(own, name) ? own[name]() : pillars.get(ref, name);
    };
  };
}

function byEntity<T extends Finding>(
  findings: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const finding of findings) {
    const { entityRef } = finding.placed.subject;
    if (entityRef) {
      const known = found.get(entityRef);
      if (known) {
        known.push(finding);
      } else {
        found.set(entityRef, [finding]);
      }
    }
  }
  return found;
}

function count(findings: readonly Finding[], severity: string): number {
  return findings.filter(finding => finding.severity === severity).length;
}
