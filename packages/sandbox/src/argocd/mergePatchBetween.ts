import { isJsonObject, stableStringify } from './rendering/Json';
import type { Json, JsonObject } from './rendering/Json';

/**
 * The JSON merge patch that makes the one of the other; undefined if they are the same.
 *
 * @internal
 */
export function mergePatchBetween(
  before: unknown,
  after: unknown,
): JsonObject | undefined {
  const from = isJsonObject(before) ? before : {};
  const to = isJsonObject(after) ? after : {};
  const patch: JsonObject = {};
  for (const field of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const a: Json | undefined = from[field];
    const b: Json | undefined = to[field];
    if (b === undefined) {
      if (a !== undefined) {
        patch[field] = null;
      }
    } else if (isJsonObject(a) && isJsonObject(b)) {
      const inner = mergePatchBetween(a, b);
      if (inner) {
        patch[field] = inner;
      }
    } else if (stableStringify(a) !== stableStringify(b)) {
      patch[field] = b;
    }
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}
