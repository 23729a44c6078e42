import { formatPath } from '../Problem';
import { Sourced } from './Sourced';

/** What `false` further up makes of all below. */
const HIDDEN = Symbol('hidden');

/** Who says something of an application. */
export interface Layer {
  /** Where it stands, such as `spec.environments.production`. */
  readonly name: string;
  /** Whether the team says it. */
  readonly own: boolean;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Who decides first is asked first: the environment, the application, the platform. */
export class Layers {
  readonly #layers: readonly Layer[];

  constructor(layers: readonly Layer[]) {
    this.#layers = layers;
  }

  /** The value that decides, and who said it. `false` further up, such as `ingress: false`, hides all below. */
  pick<T>(...path: string[]): Sourced<T> | undefined {
    const found = this.#find(path);
    return found && new Sourced(found.value as T, this.#originOf(found, path));
  }

  /** How far up the value is that decides: 0 is the first layer. Infinity if nobody says anything. */
  rank(...path: string[]): number {
    return this.#find(path)?.rank ?? Infinity;
  }

  /** Whether the team itself says it. */
  isOwn(...path: string[]): boolean {
    const found = this.#find(path);
    return found !== undefined && this.#layers[found.rank].own;
  }

  /** All keys that any layer has at a path, those of the last layer first. */
  keys(...path: string[]): string[] {
    const keys = new Set<string>();
    for (const { value } of this.#layers.toReversed()) {
      const at = valueAt(value, path);
      if (at && at !== HIDDEN && isRecord(at.value)) {
        Object.keys(at.value).forEach(key => keys.add(key));
      }
    }
    return [...keys];
  }

  #find(path: readonly string[]) {
    for (let rank = 0; rank < this.#layers.length; rank++) {
      const found = valueAt(this.#layers[rank].value, path);
      if (found === HIDDEN) {
        return undefined;
      }
      if (found) {
        return { rank, value: found.value };
      }
    }
    return undefined;
  }

  #originOf({ rank }: { rank: number }, path: readonly string[]): string {
    const { name, own } = this.#layers[rank];
    return own ? `${name}.${formatPath(path)}` : `${name}: ${formatPath(path)}`;
  }
}

function valueAt(
  root: unknown,
  path: readonly string[],
): { value: unknown } | typeof HIDDEN | undefined {
  let value = root;
  for (const part of path) {
    if (value === false) {
      return HIDDEN;
    }
    if (!isRecord(value) || !Object.hasOwn(value, part)) {
      return undefined;
    }
    value = value[part];
  }
  return value === undefined ? undefined : { value };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
