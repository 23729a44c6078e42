import type { Severity, Violation } from '@waystone/plugin-governance-common';
import type { PolicyAction } from '../kubernetes/readConstraint';
import type { PlacedSubject } from './SubjectDirectory';
import type { ViolationFinding } from './ViolationSet';

/** What a constraint or a report says of an object. */
export interface FoundViolation {
  readonly source: string;
  readonly engine: Violation['engine'];
  readonly policy: string;
  readonly rule?: string;
  readonly title: string;
  readonly severity: Severity;
  readonly action: PolicyAction;
  readonly fix?: string;
  readonly message: string;
}

/** A violation with where it is. */
export interface PlacedViolation {
  readonly found: FoundViolation;
  readonly placed: PlacedSubject;
  /** Key of the place that was asked for. */
  readonly asked: string;
  /** The objects that are alike, and how many they are. */
  readonly likes: { readonly key: string; readonly count: number };
  readonly isOfWorkload: boolean;
}

/** What all objects of a workload break alike. */
export interface ViolationGroup {
  readonly found: FoundViolation;
  readonly placed: PlacedSubject;
  /** How many objects, by what makes them alike. */
  readonly objects: ReadonlyMap<string, number>;
}

/**
 * The violations of all constraints and reports by workload, so that a change makes anew what is found at the workloads that
 * it is about.
 */
export class ViolationLedger {
  /** By constraint or report. */
  readonly #bySource = new Map<string, PlacedViolation[]>();
  /** By workload, then by constraint or report. */
  readonly #byWorkload = new Map<string, Map<string, PlacedViolation[]>>();
  /** Which constraints and reports name a place. */
  readonly #sources = new Map<string, Set<string>>();
  readonly #findings = new Map<string, readonly ViolationFinding[]>();
  /** Workloads at which something has changed. */
  readonly #changed = new Set<string>();

  add(source: string, violation: PlacedViolation): void {
    push(this.#bySource, source, violation);
    const sources = this.#sources.get(violation.asked);
    if (sources) {
      sources.add(source);
    } else {
      this.#sources.set(violation.asked, new Set([source]));
    }
    if (violation.placed.idle) {
      return;
    }
    const { key } = violation.placed;
    let known = this.#byWorkload.get(key);
    if (!known) {
      known = new Map();
      this.#byWorkload.set(key, known);
    }
    push(known, source, violation);
    this.#changed.add(key);
  }

  /** Takes away all that a constraint or a report has said. */
  remove(source: string): void {
    for (const { asked, placed } of this.#bySource.get(source) ?? []) {
      this.#byWorkload.get(placed.key)?.delete(source);
      this.#changed.add(placed.key);
      const sources = this.#sources.get(asked);
      sources?.delete(source);
      if (sources?.size === 0) {
        this.#sources.delete(asked);
      }
    }
    this.#bySource.delete(source);
  }

  /** The constraints and reports that name some places. */
  sourcesAt(places: readonly string[]): readonly string[] {
    return places.flatMap(place => [...(this.#sources.get(place) ?? [])]);
  }

  /** All findings; those of workloads at which nothing has changed are the same objects as before. */
  settle(
    toFinding: (group: ViolationGroup) => ViolationFinding,
  ): readonly ViolationFinding[] {
    for (const key of this.#changed) {
      const violations = [
        ...(this.#byWorkload.get(key)?.values() ?? []),
      ].flat();
      if (violations.length > 0) {
        this.#findings.set(key, group(violations).map(toFinding));
      } else {
        this.#findings.delete(key);
        this.#byWorkload.delete(key);
      }
    }
    this.#changed.clear();
    const all: ViolationFinding[] = [];
    for (const findings of this.#findings.values()) {
      for (const finding of findings) {
        all.push(finding);
      }
    }
    return all;
  }
}

function group(violations: readonly PlacedViolation[]): ViolationGroup[] {
  const groups = new Map<
    string,
    ViolationGroup & { found: FoundViolation; objects: Map<string, number> }
  >();
  for (const { found, isOfWorkload, likes, placed } of violations) {
    const key = [found.engine, found.policy, found.rule].join(' ');
    let known = groups.get(key);
    if (!known) {
      known = { found, placed, objects: new Map() };
      groups.set(key, known);
    }
    if (isOfWorkload && known.found.message !== found.message) {
      known.found = { ...known.found, message: found.message };
    }
    known.objects.set(likes.key, likes.count);
  }
  return [...groups.values()];
}

function push<T>(map: Map<string, T[]>, key: string, value: T) {
  const known = map.get(key);
  if (known) {
    known.push(value);
  } else {
    map.set(key, [value]);
  }
}
