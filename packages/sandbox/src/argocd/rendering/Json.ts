/** Any JSON value. @internal */
export type Json =
  | null
  | boolean
  | number
  | string
  | Json[]
  | { [key: string]: Json };

/** A JSON object that may be changed. @internal */
export type JsonObject = { [key: string]: Json };

/** Whether a value is a JSON object. @internal */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object in a field, or undefined. @internal */
export function objectAt(
  parent: unknown,
  field: string,
): JsonObject | undefined {
  const value = isJsonObject(parent) ? parent[field] : undefined;
  return isJsonObject(value) ? value : undefined;
}

/** The string in a field, or undefined. @internal */
export function stringAt(parent: unknown, field: string): string | undefined {
  const value = isJsonObject(parent) ? parent[field] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The object in a field, made if it is not there. @internal */
export function makeObjectAt(parent: JsonObject, field: string): JsonObject {
  const value = parent[field];
  if (isJsonObject(value)) {
    return value;
  }
  const made: JsonObject = {};
  parent[field] = made;
  return made;
}

/** The same JSON with the keys of all objects in order, for comparing and hashing. @internal */
export function stableStringify(value: unknown): string {
  return JSON.stringify(value, (_, item) =>
    isJsonObject(item)
      ? Object.fromEntries(
          Object.keys(item)
            .sort()
            .map(key => [key, item[key]]),
        )
      : item,
  );
}
