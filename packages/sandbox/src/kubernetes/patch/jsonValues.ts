/** A JSON object whose fields are not known. */
export type JsonObject = Record<string, any>;

/** Whether it is a JSON object, not an array and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether two JSON values are the same; the order of fields does not count. */
export function equalJson(left: unknown, right: unknown): boolean {
  if (left === right) {
    return true;
  }
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => equalJson(item, right[index]))
    );
  }
  if (!isObject(left) || !isObject(right)) {
    return false;
  }
  const leftKeys = Object.keys(left);
  return (
    leftKeys.length === Object.keys(right).length &&
    leftKeys.every(
      key => Object.hasOwn(right, key) && equalJson(left[key], right[key]),
    )
  );
}

/** A copy without the fields. */
export function omit<T extends JsonObject>(
  value: T,
  ...fields: readonly string[]
): T {
  const copy: JsonObject = { ...value };
  for (const field of fields) {
    delete copy[field];
  }
  return copy as T;
}

/** The value at a path such as `['spec', 'replicas']`. */
export function getPath(value: unknown, path: readonly string[]): any {
  let current: any = value;
  for (const field of path) {
    if (!isObject(current)) {
      return undefined;
    }
    current = current[field];
  }
  return current;
}

/** A copy with another value at the path; what is not on the path is shared. */
export function withPath<T extends JsonObject>(
  value: T,
  path: readonly string[],
  replacement: unknown,
): T {
  const [field, ...rest] = path;
  return {
    ...value,
    [field]:
      rest.length === 0
        ? replacement
        : withPath(
            isObject(value[field]) ? value[field] : {},
            rest,
            replacement,
          ),
  };
}
