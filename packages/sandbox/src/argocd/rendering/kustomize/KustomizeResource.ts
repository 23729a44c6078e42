import { makeObjectAt, objectAt, stringAt } from '../Json';
import type { JsonObject } from '../Json';

/** What a resource is called, now or in an earlier layer. @internal */
export interface ResourceId {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * One object on its way through the layers, with the names that it has had.
 *
 * @internal
 */
export class KustomizeResource {
  object: JsonObject;
  /** Whether its name gets a hash of its content in the end. */
  needsHash = false;
  /** Not in the output: `config.kubernetes.io/local-config`. */
  readonly #earlierIds: ResourceId[] = [];
  readonly #prefixes: string[] = [];
  readonly #suffixes: string[] = [];

  constructor(object: JsonObject) {
    this.object = object;
  }

  get kind(): string {
    return stringAt(this.object, 'kind') ?? '';
  }

  get group(): string {
    return splitApiVersion(stringAt(this.object, 'apiVersion') ?? '').group;
  }

  get version(): string {
    return splitApiVersion(stringAt(this.object, 'apiVersion') ?? '').version;
  }

  get name(): string {
    return stringAt(objectAt(this.object, 'metadata'), 'name') ?? '';
  }

  get namespace(): string {
    return stringAt(objectAt(this.object, 'metadata'), 'namespace') ?? '';
  }

  /** The present id first, then the earlier ones. */
  ids(): readonly ResourceId[] {
    const { group, version, kind, namespace, name } = this;
    return [
      { group, version, kind, namespace, name },
      ...[...this.#earlierIds].reverse(),
    ];
  }

  /** The id that it had in the file. */
  originalId(): ResourceId {
    return this.#earlierIds[0] ?? this.ids()[0];
  }

  /** Gives it another name; the former one goes on to be known. */
  rename(name: string) {
    if (name !== this.name) {
      this.#earlierIds.push(this.ids()[0]);
      makeObjectAt(this.object, 'metadata').name = name;
    }
  }

  /** Puts it into another namespace; the former one goes on to be known. */
  moveTo(namespace: string) {
    if (namespace !== this.namespace) {
      this.#earlierIds.push(this.ids()[0]);
      makeObjectAt(this.object, 'metadata').namespace = namespace;
    }
  }

  addAffixes(prefix: string, suffix: string) {
    if (prefix) {
      this.#prefixes.push(prefix);
    }
    if (suffix) {
      this.#suffixes.push(suffix);
    }
  }

  /** Whether the one's prefixes and suffixes are the inner ones of the other's. */
  sharesAffixesWith(other: KustomizeResource): boolean {
    return (
      isStartOf(this.#prefixes, other.#prefixes) &&
      isStartOf(this.#suffixes, other.#suffixes)
    );
  }
}

function isStartOf(a: readonly string[], b: readonly string[]): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  // Layers are put on from the inside out, so what two resources share comes last.
  return short.every(
    (item, index) => long[long.length - short.length + index] === item,
  );
}

/** Takes `apps/v1` apart. @internal */
export function splitApiVersion(apiVersion: string): {
  group: string;
  version: string;
} {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : {
        group: apiVersion.slice(0, slash),
        version: apiVersion.slice(slash + 1),
      };
}
