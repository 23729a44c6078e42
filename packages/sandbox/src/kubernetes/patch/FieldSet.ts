/**
 * A set of fields of an object, as `fieldsV1` of managedFields writes it.
 *
 * @remarks
 * Elements of a path are written as there: `f:name` is a field, `k:{"name":"a"}` an item of a list by its
 * keys, `v:"a"` an item of a list of unique values.
 *
 * @internal
 */
export class FieldSet {
  readonly #children = new Map<string, FieldSet>();
  /** Whether the field itself is in the set, not only some below it. */
  member = false;

  /** Reads `fieldsV1`. */
  static parse(fields: unknown): FieldSet {
    const set = new FieldSet();
    if (typeof fields !== 'object' || fields === null) {
      return set;
    }
    for (const [element, below] of Object.entries(fields)) {
      if (element === '.') {
        set.member = true;
      } else {
        const child = FieldSet.parse(below);
        child.member ||= child.#children.size === 0;
        set.#children.set(element, child);
      }
    }
    return set;
  }

  /** Writes `fieldsV1`. */
  format(): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    if (this.member && this.#children.size > 0) {
      fields['.'] = {};
    }
    for (const element of [...this.#children.keys()].sort()) {
      fields[element] = this.#children.get(element)!.format();
    }
    return fields;
  }

  get isEmpty(): boolean {
    return !this.member && this.#children.size === 0;
  }

  child(element: string): FieldSet | undefined {
    return this.#children.get(element);
  }

  children(): IterableIterator<[string, FieldSet]> {
    return this.#children.entries();
  }

  /** The set below an element, made if it is not there. Call {@link FieldSet.prune} if it may stay empty. */
  descend(element: string): FieldSet {
    let child = this.#children.get(element);
    if (!child) {
      child = new FieldSet();
      this.#children.set(element, child);
    }
    return child;
  }

  /** Removes an element if there is nothing in it. */
  prune(element: string): void {
    if (this.#children.get(element)?.isEmpty) {
      this.#children.delete(element);
    }
  }

  remove(element: string): void {
    this.#children.delete(element);
  }

  union(other: FieldSet): FieldSet {
    const result = new FieldSet();
    result.member = this.member || other.member;
    for (const [element, child] of this.#children) {
      const second = other.#children.get(element);
      result.#children.set(element, second ? child.union(second) : child);
    }
    for (const [element, child] of other.#children) {
      if (!this.#children.has(element)) {
        result.#children.set(element, child);
      }
    }
    return result;
  }

  intersection(other: FieldSet): FieldSet {
    const result = new FieldSet();
    result.member = this.member && other.member;
    for (const [element, child] of this.#children) {
      const second = other.#children.get(element);
      const both = second && child.intersection(second);
      if (both && !both.isEmpty) {
        result.#children.set(element, both);
      }
    }
    return result;
  }

  difference(other: FieldSet): FieldSet {
    const result = new FieldSet();
    result.member = this.member && !other.member;
    for (const [element, child] of this.#children) {
      const second = other.#children.get(element);
      const rest = second ? child.difference(second) : child;
      if (!rest.isEmpty) {
        result.#children.set(element, rest);
      }
    }
    return result;
  }

  equals(other: FieldSet): boolean {
    return (
      this.member === other.member &&
      this.#children.size === other.#children.size &&
      [...this.#children].every(([element, child]) =>
        other.#children.get(element)?.equals(child),
      )
    );
  }

  /** The members as paths such as `.spec.containers[name="web"].image`. */
  paths(prefix = ''): readonly string[] {
    const paths: string[] = this.member && prefix ? [prefix] : [];
    for (const [element, child] of this.#children) {
      paths.push(...child.paths(prefix + formatElement(element)));
    }
    return paths;
  }
}

/** The element of a list's item by its keys. */
export function keyElement(
  item: Record<string, unknown>,
  keys: readonly string[],
): string {
  const values: Record<string, unknown> = {};
  for (const key of [...keys].sort()) {
    if (item[key] !== undefined) {
      values[key] = item[key];
    }
  }
  return `k:${JSON.stringify(values)}`;
}

function formatElement(element: string): string {
  const value = element.slice(2);
  if (element.startsWith('k:')) {
    const keys = Object.entries(JSON.parse(value)).map(
      ([key, part]) => `${key}=${JSON.stringify(part)}`,
    );
    return `[${keys.join(',')}]`;
  }
  if (element.startsWith('v:')) {
    return `[=${value}]`;
  }
  if (element.startsWith('i:')) {
    return `[${value}]`;
  }
  return `.${value}`;
}
