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
  readonly #found = new Map<string, PlacedSubject>();
  /** What was asked for, by the objects and ids that its answer depends on. */
  readonly #dependingOn = new Map<string, Set<string>>();
  #entities = new Map<string, GovernedEntity>();
  #sequence = 0;

  constructor(options: { readonly environments: Environments }) {
    this.#environments = options.environments;
  }

  /**
   * Takes the entities of the catalog; the first that claims an id has it.
   *
   * @returns The keys of places that have to be looked for again, see {@link keyOfPlace}.
   */
  setEntities(entities: readonly GovernedEntity[]): readonly string[] {
    const before = this.#entities;
    this.#entities = new Map();
    for (const entity of entities) {
      if (entity.kubernetesId && !this.#entities.has(entity.kubernetesId)) {
        this.#entities.set(entity.kubernetesId, entity);
      }
    }
    return [...new Set([...before.keys(), ...this.#entities.keys()])].flatMap(
      id =>
        isSameEntity(before.get(id), this.#entities.get(id))
          ? []
          : this.#forget(`id ${id}`),
    );
  }

  /**
   * Takes a change of a workload or pod.
   *
   * @returns The keys of places that have to be looked for again, see {@link keyOfPlace}.
   */
  setWorkload(change: KindChange<ObservedWorkload>): readonly string[] {
    const key = keyOfPlace(change);
    const before = this.#workloads.get(key);
    const { object } = change;
    if (object) {
      this.#workloads.set(key, object);
    } else {
      this.#workloads.delete(key);
    }
    if (isSame(before, object)) {
      return [];
    }
    return [
      ...this.#count(change, before, -1),
      ...this.#count(change, object, 1),
      ...this.#forget(key),
    ];
  }

  /**
   * The controller of an object, and how many objects it has made of the same template: what one of them breaks, all
   * of them break.
   */
  likesOf(place: Place): { readonly key: string; readonly count: number } {
    const own = keyOfPlace(place);
    const controller = this.#workloads.get(own)?.controller;
    if (!controller || place.kind !== 'Pod') {
      return { key: own, count: 1 };
    }
    const key = keyOfPlace({ ...place, ...controller });
    this.#depend(own, `likes ${key}`);
    return { key: `of ${key}`, count: this.#dependents.get(key) ?? 1 };
  }

  /** The workload of an object. The same object is returned as long as nothing about it has changed. */
  find(place: Place): PlacedSubject {
    const asked = keyOfPlace(place);
    const found = this.#found.get(asked);
    if (found) {
      return found;
    }
    const placed = this.#resolve(asked, place);
    this.#found.set(asked, placed);
    return placed;
  }

  #count(
    place: Place,
    workload: ObservedWorkload | undefined,
    difference: number,
  ): readonly string[] {
    if (!workload?.controller) {
      return [];
    }
    const key = keyOfPlace({ ...place, ...workload.controller });
    const count = (this.#dependents.get(key) ?? 0) + difference;
    if (count > 0) {
      this.#dependents.set(key, count);
    } else {
      this.#dependents.delete(key);
    }
    return this.#forget(`likes ${key}`);
  }

  #depend(asked: string, on: string) {
    const known = this.#dependingOn.get(on);
    if (known) {
      known.add(asked);
    } else {
      this.#dependingOn.set(on, new Set([asked]));
    }
  }

  #forget(on: string): readonly string[] {
    const asked = [...(this.#dependingOn.get(on) ?? [])];
    this.#dependingOn.delete(on);
    asked.forEach(key => this.#found.delete(key));
    return asked;
  }

  #resolve(asked: string, place: Place): PlacedSubject {
    let root = place;
    let key = asked;
    this.#depend(asked, key);
    let workload = this.#workloads.get(key);
    let { kubernetesId, team } = workload ?? {};
    let idle = workload?.idle ?? false;
    for (let depth = 0; workload?.controller && depth < DEEPEST; depth++) {
      root = { ...root, ...workload.controller };
      key = keyOfPlace(root);
      this.#depend(asked, key);
      workload = this.#workloads.get(key);
      kubernetesId = workload?.kubernetesId ?? kubernetesId;
      team = workload?.team ?? team;
      idle ||= workload?.idle ?? false;
    }
    if (kubernetesId) {
      this.#depend(asked, `id ${kubernetesId}`);
    }
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

/** Names a place. */
export function keyOfPlace({ cluster, kind, name, namespace }: Place): string {
  return `${cluster}/${namespace ?? ''}/${kind}/${name}`;
}

function isSameEntity(
  a: GovernedEntity | undefined,
  b: GovernedEntity | undefined,
): boolean {
  return (
    a?.entityRef === b?.entityRef &&
    a?.title === b?.title &&
    a?.owner === b?.owner &&
    a?.system === b?.system
  );
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
