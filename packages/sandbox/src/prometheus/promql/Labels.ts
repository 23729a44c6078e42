import { quote } from './quote';

/** The label that holds a metric's name. */
export const METRIC_NAME = '__name__';

/** The names that many series share, without the metric's name. */
const withoutFirst = new WeakMap<readonly string[], readonly string[]>();

/**
 * The labels of a series, sorted by name. Empty values are left out, as they mean the same as no label.
 *
 * @internal
 */
export class Labels {
  static readonly EMPTY = new Labels([], []);

  readonly names: readonly string[];
  readonly values: readonly string[];
  #key?: string;

  private constructor(names: readonly string[], values: readonly string[]) {
    this.names = names;
    this.values = values;
  }

  static of(record: Readonly<Record<string, string | undefined>>): Labels {
    const names = Object.keys(record)
      .filter(name => record[name])
      .sort(compareText);
    return new Labels(
      names,
      names.map(name => record[name]!),
    );
  }

  /** Names that are sorted already, which many series can share, and values none of which is empty. */
  static ofSorted(names: readonly string[], values: readonly string[]): Labels {
    return new Labels(names, values);
  }

  get(name: string): string {
    const index = this.names.indexOf(name);
    return index < 0 ? '' : this.values[index];
  }

  /** The same text for the same labels and for no others. */
  get key(): string {
    this.#key ??= this.names
      .map((name, index) => `${name}\u0001${this.values[index]}`)
      .join('\u0002');
    return this.#key;
  }

  withoutName(): Labels {
    // Upper-case names alone come before it.
    if (this.names[0] !== METRIC_NAME) {
      return this.names.includes(METRIC_NAME) ? this.drop([METRIC_NAME]) : this;
    }
    let names = withoutFirst.get(this.names);
    if (!names) {
      names = this.names.slice(1);
      withoutFirst.set(this.names, names);
    }
    return new Labels(names, this.values.slice(1));
  }

  keep(names: readonly string[]): Labels {
    return this.#filter(name => names.includes(name));
  }

  drop(names: readonly string[]): Labels {
    return this.#filter(name => !names.includes(name));
  }

  with(name: string, value: string): Labels {
    return Labels.of({ ...this.toRecord(), [name]: value });
  }

  toRecord(): Record<string, string> {
    const record: Record<string, string> = {};
    for (let index = 0; index < this.names.length; index++) {
      record[this.names[index]] = this.values[index];
    }
    return record;
  }

  toString(): string {
    return `{${this.names
      .map((name, index) => `${name}=${quote(this.values[index])}`)
      .join(', ')}}`;
  }

  #filter(accepts: (name: string) => boolean): Labels {
    const names: string[] = [];
    const values: string[] = [];
    for (let index = 0; index < this.names.length; index++) {
      if (accepts(this.names[index])) {
        names.push(this.names[index]);
        values.push(this.values[index]);
      }
    }
    return names.length === this.names.length
      ? this
      : new Labels(names, values);
  }
}

/** Orders series as Prometheus does: label by label, names before values. */
export function compareLabels(left: Labels, right: Labels): number {
  const length = Math.min(left.names.length, right.names.length);
  for (let index = 0; index < length; index++) {
    const order =
      compareText(left.names[index], right.names[index]) ||
      compareText(left.values[index], right.values[index]);
    if (order !== 0) {
      return order;
    }
  }
  return left.names.length - right.names.length;
}

/** Orders by code unit, not by language. */
export function compareText(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
}
