import type { FirstSeenStore } from './FirstSeenStore';
import type { TrendRecord, TrendStore } from './TrendStore';
import type { DueDates } from '../model/DueDates';
import type { Finding, FindingType } from '../model/Finding';
import type { GovernanceModel } from '../model/GovernanceModel';
import { summarize } from '../model/listFindings';

/** Writes today's numbers, and which findings are still there. */
export class DailyRecord {
  readonly #due: DueDates;
  readonly #firstSeen: FirstSeenStore;
  readonly #model: GovernanceModel;
  readonly #trend: TrendStore;

  constructor(options: {
    readonly due: DueDates;
    readonly firstSeen: FirstSeenStore;
    readonly model: GovernanceModel;
    readonly trend: TrendStore;
  }) {
    this.#due = options.due;
    this.#firstSeen = options.firstSeen;
    this.#model = options.model;
    this.#trend = options.trend;
  }

  /** Returns whether it was written. What is not all known would look like an improvement. */
  async write(): Promise<boolean> {
    if (!this.#model.isCurrent) {
      return false;
    }
    const findings = findingsOf(this.#model);
    await this.#firstSeen.flush();
    await this.#firstSeen.settle(present(findings));
    await this.#trend.record(
      [...findings].flatMap(([type, items]) =>
        countByEntity(type, items, this.#due),
      ),
    );
    return true;
  }
}

function findingsOf(
  model: GovernanceModel,
): ReadonlyMap<FindingType, readonly Finding[]> {
  return new Map<FindingType, readonly Finding[]>([
    ['violation', model.violations.findings],
    ['vulnerability', model.vulnerabilities.findings],
    ['misconfiguration', model.misconfigurations.findings],
  ]);
}

function* present(findings: ReadonlyMap<FindingType, readonly Finding[]>) {
  for (const [type, items] of findings) {
    for (const { firstSeenKey, placed } of items) {
      yield { type, subject: placed.key, finding: firstSeenKey };
    }
  }
}

function countByEntity(
  type: FindingType,
  findings: readonly Finding[],
  due: DueDates,
): TrendRecord[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { entityRef = '', owner = '' } = finding.placed.subject;
    const key = `${entityRef} ${owner}`;
    const group = groups.get(key);
    if (group) {
      group.push(finding);
    } else {
      groups.set(key, [finding]);
    }
  }
  // A day on which nothing was found is none of which nothing is known.
  if (groups.size === 0) {
    return [{ type, subject: '', owner: '', summary: summarize([], due) }];
  }
  return [...groups.values()].map(items => {
    const { entityRef = '', owner = '' } = items[0].placed.subject;
    return { type, subject: entityRef, owner, summary: summarize(items, due) };
  });
}
