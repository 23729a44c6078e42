import type {
  CappedPolicy,
  Policy,
  Severity,
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
import type { Place, SubjectDirectory } from './SubjectDirectory';

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
 * A policy that all pods of a workload break is broken once, by the workload: that is what people change.
 */
export class ViolationSet {
  readonly #subjects: SubjectDirectory;
  readonly #firstSeen: FirstSeen;
  readonly #constraints = new Map<string, InCluster<ObservedConstraint>>();
  readonly #policies = new Map<string, InCluster<ObservedPolicy>>();
  readonly #reports = new Map<string, InCluster<readonly ObservedResult[]>>();
  #findings?: readonly ViolationFinding[];
  #capped: readonly CappedPolicy[] = [];

  constructor(options: {
    readonly subjects: SubjectDirectory;
    readonly firstSeen: FirstSeen;
  }) {
    this.#subjects = options.subjects;
    this.#firstSeen = options.firstSeen;
  }

  setConstraint(change: KindChange<ObservedConstraint>): void {
    set(this.#constraints, change);
    this.invalidate();
  }

  setPolicy(change: KindChange<ObservedPolicy>): void {
    set(this.#policies, change);
    this.invalidate();
  }

  setReport(change: KindChange<readonly ObservedResult[]>): void {
    set(this.#reports, change);
    this.invalidate();
  }

  /** Whose something is may have changed. */
  invalidate(): void {
    this.#findings = undefined;
  }

  /** How many reports there are, whether anything is found in them or not. */
  get isEmpty(): boolean {
    return this.#constraints.size === 0 && this.#policies.size === 0;
  }

  get findings(): readonly ViolationFinding[] {
    this.#findings ??= this.#build();
    return this.#findings;
  }

  /** Policies of which more violations are counted than are known. */
  get capped(): readonly CappedPolicy[] {
    return this.findings && this.#capped;
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

  #build(): readonly ViolationFinding[] {
    const groups = new Map<string, Collected>();
    const capped: CappedPolicy[] = [];
    const collect = (found: Omit<Collected, 'objects'>, place: Place) => {
      const placed = this.#subjects.find(place);
      if (placed.idle) {
        return undefined;
      }
      const likes = this.#subjects.likesOf(place);
      const key = [placed.key, found.engine, found.policy, found.rule].join(
        ' ',
      );
      let group = groups.get(key);
      if (!group) {
        group = { ...found, placed, objects: new Map() };
        groups.set(key, group);
      }
      // What is said of the workload itself names it; what is said of a pod names one that is soon gone.
      if (
        place.kind === placed.subject.kind &&
        group.message !== found.message
      ) {
        group.message = found.message;
      }
      group.objects.set(likes.key, likes.count);
      return likes;
    };
    for (const { cluster, value } of this.#constraints.values()) {
      const known = new Map<string, number>();
      for (const violation of value.violations) {
        const likes = collect(
          {
            source: `gatekeeper/${cluster}`,
            engine: 'gatekeeper',
            policy: value.name,
            title: value.title ?? value.name,
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
      const count = Math.min(sum(known.values()), value.total ?? 0);
      if ((value.total ?? 0) > Math.max(count, value.violations.length)) {
        capped.push({
          cluster,
          policy: value.name,
          title: value.title ?? value.name,
          total: value.total!,
          known: Math.max(count, value.violations.length),
        });
      }
    }
    for (const { cluster, value } of this.#reports.values()) {
      for (const result of value) {
        const engine = engineOf(result.engine);
        const policy = this.#policies.get(
          `${cluster}/ClusterPolicy//${result.policy}`,
        )?.value;
        collect(
          {
            source: `${
              engine === 'kyverno' ? 'kyverno' : 'reports'
            }/${cluster}`,
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
    this.#capped = capped;
    return [...groups.values()].map(group => this.#toFinding(group));
  }

  #toFinding(group: Collected): ViolationFinding {
    const { objects, policy, rule, placed, ...rest } = group;
    const detail = `${rest.engine} ${rule ?? ''}`;
    const firstSeenKey = `${policy} ${detail}`;
    return {
      ...rest,
      placed: placed!,
      key: policy,
      rule,
      detail,
      objects: sum(objects.values()),
      firstSeenKey,
      since: this.#firstSeen.get('violation', placed!.key, firstSeenKey),
    };
  }
}

interface Collected {
  readonly source: string;
  readonly engine: Engine;
  readonly policy: string;
  readonly rule?: string;
  readonly title: string;
  readonly severity: Severity;
  readonly action: PolicyAction;
  readonly fix?: string;
  message: string;
  readonly placed?: Finding['placed'];
  readonly objects: Map<string, number>;
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

function set<T>(map: Map<string, InCluster<T>>, change: KindChange<T>) {
  const { cluster, kind, name, namespace, object } = change;
  const key = `${cluster}/${kind}/${namespace ?? ''}/${name}`;
  if (object === undefined) {
    map.delete(key);
  } else {
    map.set(key, { cluster, value: object });
  }
}
