import type { Environments } from '@waystone/environments';
import type { Subject } from '@waystone/plugin-governance-common';
import type { KindChange } from '../kubernetes/KindWatcher';
import type { ObservedWorkload } from '../kubernetes/readWorkload';
import type { GovernedEntity } from './EntityDirectory';

/** The address of an object that something was found at. */
export interface Place {
  readonly cluster: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** A subject with what the model needs of it. */
export interface PlacedSubject {
  /** Unique among all. */
  readonly key: string;
  /** Where it stands among all, which is faster to compare than names. */
  readonly sequence: number;
  readonly subject: Subject;
  /** Whether it runs nothing, so that what is found at it does no harm. */
  readonly idle: boolean;
}

/** More than a pod has above it. */
const DEEPEST = 5;

/** Tells which workload an object belongs to, and whose that is. */
export class SubjectDirectory {
  readonly #environments: Environments;
  readonly #workloads = new Map<string, ObservedWorkload>();
  readonly #subjects = new Map<string, PlacedSubject>();
  /** How many objects a controller has. */
  readonly #dependents = new Map<string, number>();
  /** What was found since the last change. */
  readonly #found = new Map<string, PlacedSubject>();
  #entities = new Map<string, GovernedEntity>();
  #sequence = 0;

  constructor(options: { readonly environments: Environments }) {
    this.#environments = options.environments;
  }

  /** Takes the entities of the catalog; the first that claims an id has it. */
  setEntities(entities: readonly GovernedEntity[]): void {
    this.#entities = new Map();
    for (const entity of entities) {
      if (entity.kubernetesId && !this.#entities.has(entity.kubernetesId)) {
        this.#entities.set(entity.kubernetesId, entity);
      }
    }
    this.#found.clear();
  }

  /** Takes a change of a workload or pod. Returns whether anything about whose something is has changed. */
  setWorkload(change: KindChange<ObservedWorkload>): boolean {
    const key = keyOf(change);
    const before = this.#workloads.get(key);
    const { object } = change;
    if (object) {
      this.#workloads.set(key, object);
    } else {
      this.#workloads.delete(key);
    }
    if (isSame(before, object)) {
      return false;
    }
    this.#count(change, before, -1);
    this.#count(change, object, 1);
    if (change.kind === 'Pod') {
      // Nothing belongs to a pod, and pods come and go all the time.
      this.#found.delete(key);
    } else {
      this.#found.clear();
    }
    return true;
  }

  /**
   * The controller of an object, and how many objects it has made of the same template: what one of them breaks, all
   * of them break.
   */
  likesOf(place: Place): { readonly key: string; readonly count: number } {
    const own = keyOf(place);
    const controller = this.#workloads.get(own)?.controller;
    if (!controller || place.kind !== 'Pod') {
      return { key: own, count: 1 };
    }
    const key = keyOf({ ...place, ...controller });
    return { key: `of ${key}`, count: this.#dependents.get(key) ?? 1 };
  }

  /** The workload of an object. The same object is returned as long as nothing about it has changed. */
  find(place: Place): PlacedSubject {
    const asked = keyOf(place);
    const found = this.#found.get(asked);
    if (found) {
      return found;
    }
    const placed = this.#resolve(place);
    this.#found.set(asked, placed);
    return placed;
  }

  #count(
    place: Place,
    workload: ObservedWorkload | undefined,
    difference: number,
  ) {
    if (workload?.controller) {
      const key = keyOf({ ...place, ...workload.controller });
      const count = (this.#dependents.get(key) ?? 0) + difference;
      if (count > 0) {
        this.#dependents.set(key, count);
      } else {
        this.#dependents.delete(key);
      }
    }
  }

  #resolve(place: Place): PlacedSubject {
    let root = place;
    let workload = this.#workloads.get(keyOf(root));
    let { kubernetesId, team } = workload ?? {};
    let idle = workload?.idle ?? false;
    for (let depth = 0; workload?.controller && depth < DEEPEST; depth++) {
      root = { ...root, ...workload.controller };
      workload = this.#workloads.get(keyOf(root));
      kubernetesId = workload?.kubernetesId ?? kubernetesId;
      team = workload?.team ?? team;
      idle ||= workload?.idle ?? false;
    }
    const key = keyOf(root);
    const entity = kubernetesId ? this.#entities.get(kubernetesId) : undefined;
    const home = root.namespace
      ? this.#environments.find(root.cluster, root.namespace)
      : undefined;
    const subject: Subject = {
      cluster: root.cluster,
      environment: home?.environment.name,
      namespace: root.namespace,
      kind: root.kind,
      name: root.name,
      entityRef: entity?.entityRef,
      title: entity?.title,
      owner: entity?.owner ?? (team ? `group:default/${team}` : undefined),
      system:
        entity?.system ??
        (home?.system ? `system:default/${home.system}` : undefined),
    };
    const known = this.#subjects.get(`${key} ${idle}`);
    if (known && isSameSubject(known.subject, subject)) {
      return known;
    }
    this.#sequence += 1;
    const placed = { key, subject, idle, sequence: this.#sequence };
    this.#subjects.set(`${key} ${idle}`, placed);
    return placed;
  }
}

function keyOf({ cluster, kind, name, namespace }: Place): string {
  return `${cluster}/${namespace ?? ''}/${kind}/${name}`;
}

function isSame(
  before: ObservedWorkload | undefined,
  after: ObservedWorkload | undefined,
): boolean {
  return (
    before !== undefined &&
    after !== undefined &&
    before.kubernetesId === after.kubernetesId &&
    before.team === after.team &&
    before.idle === after.idle &&
    before.controller?.kind === after.controller?.kind &&
    before.controller?.name === after.controller?.name
  );
}

function isSameSubject(a: Subject, b: Subject): boolean {
  return (
    a.environment === b.environment &&
    a.entityRef === b.entityRef &&
    a.title === b.title &&
    a.owner === b.owner &&
    a.system === b.system
  );
}
