import type {
  CappedPolicy,
  Policy,
  Violation,
} from '@waystone/plugin-governance-common';
import type { KindChange } from '../kubernetes/KindWatcher';
import type { ObservedPolicy } from '../kubernetes/readClusterPolicy';
import type {
  ObservedConstraint,
  PolicyAction,
} from '../kubernetes/readConstraint';
import type { ObservedResult } from '../kubernetes/readPolicyReport';
import type { Finding, FirstSeen } from './Finding';
import { keyOfPlace } from './SubjectDirectory';
import type { Place, SubjectDirectory } from './SubjectDirectory';
import { ViolationLedger } from './ViolationLedger';
import type { FoundViolation, ViolationGroup } from './ViolationLedger';

type Engine = Violation['engine'];

/** A policy that a workload breaks, with however many of its objects. */
export interface ViolationFinding extends Finding {
  readonly engine: Engine;
  readonly rule?: string;
  readonly action: PolicyAction;
  readonly objects: number;
}

/** A policy as people know it, before anybody's violations are counted. */
export type KnownPolicy = Omit<Policy, 'violations' | 'services'>;

interface InCluster<T> {
  readonly cluster: string;
  readonly value: T;
}

/** Gatekeeper says so before what it found at a template rather than an object. */
const IMPLIED = /^\[Implied by [^\]]*\] /;

/** Kyverno puts this before the names of rules that it made of a rule for pods. */
const GENERATED = /^autogen-(cronjob-)?/;

/**
 * What breaks policies: the constraints of Gatekeeper with what their audit lists, and the reports of Kyverno and
 * others.
 *
 * @remarks
 * A policy that all pods of a workload break is broken once, by the workload: that is what people change. A change costs the
 * work for what it is about, whatever the number of all.
 */
export class ViolationSet {
  readonly #subjects: SubjectDirectory;
  readonly #firstSeen: FirstSeen;
  readonly #constraints = new Map<string, InCluster<ObservedConstraint>>();
  readonly #policies = new Map<string, InCluster<ObservedPolicy>>();
  readonly #reports = new Map<string, InCluster<readonly ObservedResult[]>>();
  readonly #ledger = new ViolationLedger();
  readonly #capped = new Map<string, CappedPolicy>();
  /** Constraints and reports that are to be read again. */
  readonly #changed = new Set<string>();
  #findings?: readonly ViolationFinding[];

  constructor(options: {
    readonly subjects: SubjectDirectory;
    readonly firstSeen: FirstSeen;
  }) {
    this.#subjects = options.subjects;
    this.#firstSeen = options.firstSeen;
  }

  setConstraint(change: KindChange<ObservedConstraint>): void {
    this.#changed.add(set(this.#constraints, change));
  }

  setPolicy(change: KindChange<ObservedPolicy>): void {
    set(this.#policies, change);
    // What they say of a policy is told with each of its violations.
    for (const key of this.#reports.keys()) {
      this.#changed.add(key);
    }
  }

  setReport(change: KindChange<readonly ObservedResult[]>): void {
    this.#changed.add(set(this.#reports, change));
  }

  /**
   * Takes that it may have changed whose something is.
   *
   * @param places - keys of places
   */
  replace(places: readonly string[]): void {
    for (const source of this.#ledger.sourcesAt(places)) {
      this.#changed.add(source);
    }
  }

  /** How many reports there are, whether anything is found in them or not. */
  get isEmpty(): boolean {
    return this.#constraints.size === 0 && this.#policies.size === 0;
  }

  get findings(): readonly ViolationFinding[] {
    if (!this.#findings || this.#changed.size > 0) {
      for (const source of this.#changed) {
        this.#read(source);
      }
      this.#changed.clear();
      this.#findings = this.#ledger.settle(group => this.#toFinding(group));
    }
    return this.#findings;
  }

  /** Policies of which more violations are counted than are known. */
  get capped(): readonly CappedPolicy[] {
    return this.findings && [...this.#capped.values()];
  }

  /** What to do about a policy of a name, if somebody has noted it. */
  fixOf(policy: string): string | undefined {
    return [...this.#constraints.values(), ...this.#policies.values()].find(
      ({ value }) => value.name === policy,
    )?.value.fix;
  }

  /** When Gatekeeper last audited a cluster. */
  auditedAt(cluster: string): string | undefined {
    let last: string | undefined;
    for (const { cluster: other, value } of this.#constraints.values()) {
      if (other === cluster && (value.auditedAt ?? '') > (last ?? '')) {
        last = value.auditedAt;
      }
    }
    return last;
  }

  /** All policies, each once, with the clusters that have it. */
  get policies(): readonly KnownPolicy[] {
    const policies = new Map<string, KnownPolicy>();
    const add = (
      engine: Engine,
      cluster: string,
      policy: ObservedPolicy & Partial<ObservedConstraint>,
    ) => {
      const key = `${engine} ${policy.kind} ${policy.name}`;
      const place = {
        cluster,
        action: policy.action,
        total: policy.total,
        auditedAt: policy.auditedAt,
        problem: policy.problem,
      };
      const known = policies.get(key);
      if (known) {
        known.places.push(place);
        return;
      }
      policies.set(key, {
        engine,
        kind: policy.kind,
        name: policy.name,
        title: policy.title ?? policy.name,
        description: policy.description,
        category: policy.category,
        severity: policy.severity,
        fix: policy.fix,
        places: [place],
      });
    };
    for (const { cluster, value } of this.#constraints.values()) {
      add('gatekeeper', cluster, value);
    }
    const totals = this.#totalsOfReports();
    for (const { cluster, value } of this.#policies.values()) {
      add('kyverno', cluster, {
        ...value,
        total: totals.get(`${cluster} ${value.name}`) ?? 0,
      });
    }
    return [...policies.values()];
  }

  #totalsOfReports(): ReadonlyMap<string, number> {
    const totals = new Map<string, number>();
    for (const { cluster, value } of this.#reports.values()) {
      for (const { policy } of value) {
        const key = `${cluster} ${policy}`;
        totals.set(key, (totals.get(key) ?? 0) + 1);
      }
    }
    return totals;
  }

  /** Reads one constraint or report again, with where its violations are now. */
  #read(source: string) {
    this.#ledger.remove(source);
    this.#capped.delete(source);
    const constraint = this.#constraints.get(source);
    const report = this.#reports.get(source);
    if (constraint) {
      this.#readConstraint(source, constraint);
    } else if (report) {
      this.#readReport(source, report);
    }
  }

  #readConstraint(
    source: string,
    { cluster, value }: InCluster<ObservedConstraint>,
  ) {
    const title = value.title ?? value.name;
    const known = new Map<string, number>();
    for (const violation of value.violations) {
      const likes = this.#add(
        source,
        {
          source: `gatekeeper/${cluster}`,
          engine: 'gatekeeper',
          policy: value.name,
          title,
          severity: value.severity,
          action: value.action,
          fix: value.fix,
          message: violation.message.replace(IMPLIED, ''),
        },
        { ...violation, cluster },
      );
      known.set(
        likes?.key ?? `${violation.namespace}/${violation.name}`,
        likes?.count ?? 1,
      );
    }
    const total = value.total ?? 0;
    const counted = Math.max(
      Math.min(sum(known.values()), total),
      value.violations.length,
    );
    if (total > counted) {
      this.#capped.set(source, {
        cluster,
        policy: value.name,
        title,
        total,
        known: counted,
      });
    }
  }

  #readReport(
    source: string,
    { cluster, value }: InCluster<readonly ObservedResult[]>,
  ) {
    for (const result of value) {
      const engine = engineOf(result.engine);
      const policy = this.#policies.get(
        `${cluster}/ClusterPolicy//${result.policy}`,
      )?.value;
      this.#add(
        source,
        {
          source: `${engine === 'kyverno' ? 'kyverno' : 'reports'}/${cluster}`,
          engine,
          policy: result.policy,
          rule: result.rule?.replace(GENERATED, ''),
          title: policy?.title ?? result.policy,
          severity: result.severity,
          action: policy?.action ?? 'audit',
          fix: policy?.fix,
          message: result.message,
        },
        { ...result, cluster },
      );
    }
  }

  #add(source: string, found: FoundViolation, place: Place) {
    const placed = this.#subjects.find(place);
    const likes = this.#subjects.likesOf(place);
    this.#ledger.add(source, {
      found,
      placed,
      likes,
      asked: keyOfPlace(place),
      // What is said of the workload itself names it; what is said of a pod names one that is soon gone.
      isOfWorkload: place.kind === placed.subject.kind,
    });
    return placed.idle ? undefined : likes;
  }

  #toFinding({ found, objects, placed }: ViolationGroup): ViolationFinding {
    const { policy, rule, ...rest } = found;
    const detail = `${rest.engine} ${rule ?? ''}`;
    const firstSeenKey = `${policy} ${detail}`;
    return {
      ...rest,
      placed,
      key: policy,
      rule,
      detail,
      objects: sum(objects.values()),
      firstSeenKey,
      since: this.#firstSeen.get('violation', placed.key, firstSeenKey),
    };
  }
}

function engineOf(source: string): Engine {
  return /kyverno|AdmissionPolicy/i.test(source) ? 'kyverno' : 'other';
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) {
    total += value;
  }
  return total;
}

function set<T>(map: Map<string, InCluster<T>>, change: KindChange<T>): string {
  const { cluster, kind, name, namespace, object } = change;
  const key = `${cluster}/${kind}/${namespace ?? ''}/${name}`;
  if (object === undefined) {
    map.delete(key);
  } else {
    map.set(key, { cluster, value: object });
  }
  return key;
}
