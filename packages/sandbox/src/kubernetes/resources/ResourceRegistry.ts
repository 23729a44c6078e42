import type { TypeRef } from '../KubernetesCluster';
import { createBuiltInTypes } from './builtInTypes';
import { formatApiVersion } from './ResourceType';
import type { ResourceType } from './ResourceType';

/** In this order groups are told of: built-in ones first, as the real server does. */
const GROUP_ORDER = [
  '',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'apps',
  'autoscaling',
  'batch',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
];

/**
 * The kinds that a cluster serves at the moment.
 *
 * @internal
 */
export class ResourceRegistry {
  readonly #byKind = new Map<string, ResourceType>();
  readonly #byPlural = new Map<string, ResourceType>();
  readonly #byStorageKind = new Map<string, ResourceType>();
  readonly #custom = new Map<string, readonly ResourceType[]>();

  constructor() {
    for (const type of createBuiltInTypes()) {
      this.#add(type);
    }
  }

  findKind(type: TypeRef): ResourceType | undefined {
    return this.#byKind.get(`${type.apiVersion} ${type.kind}`);
  }

  findPlural(
    group: string,
    version: string,
    plural: string,
  ): ResourceType | undefined {
    return this.#byPlural.get(`${group}/${version} ${plural}`);
  }

  /** The type of the version in which the objects of a storage kind are stored. */
  findStorageKind(storageKind: string): ResourceType | undefined {
    return this.#byStorageKind.get(storageKind);
  }

  /** The kind of any version with this name in URLs. */
  findGroupPlural(group: string, plural: string): ResourceType | undefined {
    for (const type of this.#byPlural.values()) {
      if (type.group === group && type.plural === plural) {
        return type;
      }
    }
    return undefined;
  }

  all(): IterableIterator<ResourceType> {
    return this.#byPlural.values();
  }

  /** Groups with their versions, the preferred one first. */
  groups(): readonly {
    readonly group: string;
    readonly versions: readonly string[];
  }[] {
    const groups = new Map<string, Set<string>>();
    for (const type of this.all()) {
      const versions = groups.get(type.group) ?? new Set();
      groups.set(type.group, versions.add(type.version));
    }
    return [...groups]
      .map(([group, versions]) => ({
        group,
        versions: [...versions].sort(compareVersions),
      }))
      .sort((left, right) => orderGroups(left.group, right.group));
  }

  /** Replaces what a CustomResourceDefinition serves. */
  setCustom(definitionName: string, types: readonly ResourceType[]): void {
    for (const type of this.#custom.get(definitionName) ?? []) {
      this.#byKind.delete(`${formatApiVersion(type)} ${type.kind}`);
      this.#byPlural.delete(`${type.group}/${type.version} ${type.plural}`);
      this.#byStorageKind.delete(type.storageKind);
    }
    this.#custom.set(definitionName, types);
    for (const type of types) {
      this.#add(type);
    }
  }

  #add(type: ResourceType): void {
    this.#byKind.set(`${formatApiVersion(type)} ${type.kind}`, type);
    this.#byPlural.set(`${type.group}/${type.version} ${type.plural}`, type);
    if (
      formatApiVersion(type) === type.storageApiVersion ||
      !this.#byStorageKind.has(type.storageKind)
    ) {
      this.#byStorageKind.set(type.storageKind, type);
    }
  }
}

function orderGroups(left: string, right: string): number {
  const leftPlace = GROUP_ORDER.indexOf(left);
  const rightPlace = GROUP_ORDER.indexOf(right);
  if (leftPlace >= 0 && rightPlace >= 0) {
    return leftPlace - rightPlace;
  }
  if (leftPlace >= 0 || rightPlace >= 0) {
    return leftPlace >= 0 ? -1 : 1;
  }
  return left < right ? -1 : 1;
}

/** The order in which Kubernetes prefers versions: v2, v1, v2beta1, v1beta2, v1alpha1. */
function compareVersions(left: string, right: string): number {
  const leftRank = rankVersion(left);
  const rightRank = rankVersion(right);
  for (let index = 0; index < 3; index += 1) {
    if (leftRank[index] !== rightRank[index]) {
      return rightRank[index] - leftRank[index];
    }
  }
  return left < right ? -1 : 1;
}

function rankVersion(version: string): readonly [number, number, number] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!match) {
    return [0, 0, 0];
  }
  const stability = { alpha: 1, beta: 2 }[match[2]] ?? 3;
  return [stability, Number(match[1]), Number(match[3] ?? 0)];
}
