import type { KindChange } from '../kubernetes/KindWatcher';
import type {
  ObservedCheck,
  ObservedConfigurationReport,
  ObservedVulnerability,
  ObservedVulnerabilityReport,
  ReportOwner,
} from '../kubernetes/readTrivyReports';
import type { Finding, FirstSeen } from './Finding';
import { keyOfPlace } from './SubjectDirectory';
import type { PlacedSubject, SubjectDirectory } from './SubjectDirectory';

/** A weakness in an image that runs. */
export interface VulnerabilityFinding extends Finding {
  readonly vulnerability: ObservedVulnerability;
  readonly report: ObservedVulnerabilityReport;
}

/** A setting that a scanner advises against. */
export interface MisconfigurationFinding extends Finding {
  readonly check: ObservedCheck;
}

interface ScanReport {
  readonly owner: ReportOwner;
  readonly at?: string;
}

interface Entry<R, F> {
  readonly cluster: string;
  readonly namespace?: string;
  readonly report: R;
  /** Made once, as long as it is known whose they are. */
  findings?: { readonly placed: PlacedSubject; readonly items: readonly F[] };
}

/**
 * The findings of a scanner's reports, each about one workload.
 *
 * @remarks
 * A changed report costs the work for its own findings.
 */
export class ScanSet<R extends ScanReport, F extends Finding> {
  readonly #subjects: SubjectDirectory;
  readonly #describe: (
    report: R,
    placed: PlacedSubject,
    cluster: string,
  ) => readonly F[];
  /** What makes two reports of one workload say the same. */
  readonly #sameAs: (report: R) => string;
  readonly #entries = new Map<string, Entry<R, F>>();
  /** Where the findings are from: what has to be known anew makes the list anew. */
  readonly #asked = new Set<string>();
  #findings?: readonly F[];

  constructor(options: {
    readonly subjects: SubjectDirectory;
    readonly describe: (
      report: R,
      placed: PlacedSubject,
      cluster: string,
    ) => readonly F[];
    readonly sameAs: (report: R) => string;
  }) {
    this.#subjects = options.subjects;
    this.#describe = options.describe;
    this.#sameAs = options.sameAs;
  }

  setReport(change: KindChange<R>): void {
    const { cluster, name, namespace, object } = change;
    const key = `${cluster}/${namespace ?? ''}/${name}`;
    if (object) {
      this.#entries.set(key, { cluster, namespace, report: object });
    } else {
      this.#entries.delete(key);
    }
    this.#findings = undefined;
  }

  /**
   * Takes that it may have changed whose something is.
   *
   * @param places - keys of places
   */
  replace(places: readonly string[]): void {
    if (places.some(place => this.#asked.has(place))) {
      this.#findings = undefined;
    }
  }

  get findings(): readonly F[] {
    this.#findings ??= this.#build();
    return this.#findings;
  }

  /** The workloads that were looked at, whether anything was found or not. */
  *subjects(): Generator<PlacedSubject, void, undefined> {
    for (const { cluster, namespace, report } of this.#entries.values()) {
      yield this.#subjects.find({ cluster, namespace, ...report.owner });
    }
  }

  #build(): readonly F[] {
    // During a rollout there is a report of the old and one of the new ReplicaSet.
    const newest = new Map<string, Entry<R, F>>();
    this.#asked.clear();
    for (const entry of this.#entries.values()) {
      const { cluster, namespace, report } = entry;
      const place = { cluster, namespace, ...report.owner };
      this.#asked.add(keyOfPlace(place));
      const placed = this.#subjects.find(place);
      if (!placed.idle) {
        if (entry.findings?.placed !== placed) {
          entry.findings = {
            placed,
            items: this.#describe(report, placed, cluster),
          };
        }
        const key = `${placed.key} ${this.#sameAs(report)}`;
        const known = newest.get(key);
        if (!known || (known.report.at ?? '') <= (report.at ?? '')) {
          newest.set(key, entry);
        }
      }
    }
    const findings: F[] = [];
    for (const entry of newest.values()) {
      for (const finding of entry.findings!.items) {
        findings.push(finding);
      }
    }
    return findings;
  }
}

/** Weaknesses by the reports of Trivy Operator. */
export function createVulnerabilitySet(options: {
  readonly subjects: SubjectDirectory;
  readonly firstSeen: FirstSeen;
}): ScanSet<ObservedVulnerabilityReport, VulnerabilityFinding> {
  const { firstSeen, subjects } = options;
  return new ScanSet({
    subjects,
    sameAs: ({ container, image }) => `${container} ${image}`,
    describe: (report, placed, cluster) => {
      const source = `trivy/${cluster}`;
      return report.vulnerabilities.map(vulnerability => {
        const { fixed, id, installed, severity, title } = vulnerability;
        const detail = `${report.container} ${vulnerability.package} ${installed}`;
        const firstSeenKey = `${id} ${vulnerability.package}`;
        return {
          placed,
          severity,
          key: id,
          title,
          message: title,
          source,
          detail,
          package: vulnerability.package,
          fixable: fixed !== undefined,
          url: vulnerability.url,
          score: vulnerability.score,
          firstSeenKey,
          since: firstSeen.get('vulnerability', placed.key, firstSeenKey),
          sharedText: vulnerability,
          vulnerability,
          report,
        };
      });
    },
  });
}

/** Settings by the reports of Trivy Operator. */
export function createMisconfigurationSet(options: {
  readonly subjects: SubjectDirectory;
  readonly firstSeen: FirstSeen;
}): ScanSet<ObservedConfigurationReport, MisconfigurationFinding> {
  const { firstSeen, subjects } = options;
  return new ScanSet({
    subjects,
    sameAs: () => '',
    describe: (report, placed, cluster) =>
      report.checks.map(check => ({
        placed,
        severity: check.severity,
        key: check.id,
        title: check.title,
        message: check.message,
        fix: check.fix,
        source: `trivy/${cluster}`,
        detail: '',
        firstSeenKey: check.id,
        since: firstSeen.get('misconfiguration', placed.key, check.id),
        check,
      })),
  });
}
