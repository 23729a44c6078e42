type Segment = string | number;

/**
 * Reads a field path as Crossplane writes it, such as `spec.tags["a.b"]` or `spec.list[0].name`.
 *
 * @throws Error if it is not one.
 */
export function parseFieldPath(path: string): Segment[] {
  const segments: Segment[] = [];
  const pattern = /([^.[\]]+)|\[(\d+)\]|\[["']?([^\]"']+)["']?\]|(\.)/y;
  while (pattern.lastIndex < path.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(path);
    if (!match) {
      throw new Error(
        `cannot parse path "${path}": unexpected character at position ${start}`,
      );
    }
    const [, name, index, quoted] = match;
    if (name !== undefined) {
      segments.push(name);
    } else if (index !== undefined) {
      segments.push(Number(index));
    } else if (quoted !== undefined) {
      segments.push(quoted);
    }
  }
  if (segments.some(segment => segment === '__proto__')) {
    throw new Error(`cannot parse path "${path}": no such field`);
  }
  return segments;
}

/** The value at a path; undefined if there is none. */
export function getField(object: unknown, path: string): unknown {
  let value = object;
  for (const segment of parseFieldPath(path)) {
    if (typeof value !== 'object' || value === null) {
      return undefined;
    }
    value = Object.hasOwn(value, segment)
      ? (value as Record<Segment, unknown>)[segment]
      : undefined;
  }
  return value;
}

/** Sets the value at a path, in the object itself; what is missing on the way is made. */
export function setField(
  object: Record<string, unknown>,
  path: string,
  value: unknown,
): void {
  const segments = parseFieldPath(path);
  let parent: any = object;
  segments.slice(0, -1).forEach((segment, position) => {
    const next = parent[segment];
    if (typeof next !== 'object' || next === null) {
      parent[segment] = typeof segments[position + 1] === 'number' ? [] : {};
    }
    parent = parent[segment];
  });
  const last = segments.at(-1);
  if (last === undefined) {
    throw new Error('cannot set a value at an empty path');
  }
  parent[last] = value;
}

/** Objects become one, the second winning; anything else is replaced. */
export function mergeValues(left: unknown, right: unknown): unknown {
  if (!isObject(left) || !isObject(right)) {
    return right;
  }
  const result: Record<string, unknown> = { ...left };
  for (const [key, value] of Object.entries(right)) {
    result[key] = mergeValues(result[key], value);
  }
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
