import type { KindSchema } from '../schema/JsonSchema';
import type { FieldSet } from './FieldSet';
import { itemsByElement, rootSource } from './fieldSets';
import { isObject } from './jsonValues';
import type { JsonObject } from './jsonValues';
import { shapeOf } from './SchemaShape';
import type { ShapeSource } from './SchemaShape';

/** Puts what somebody applies over what is there. */
export function mergeApplied(
  schema: KindSchema,
  live: JsonObject,
  applied: JsonObject,
): JsonObject {
  return merge(schema, rootSource(schema), live, applied) as JsonObject;
}

function merge(
  schema: KindSchema,
  source: ShapeSource | undefined,
  live: unknown,
  applied: unknown,
): unknown {
  if (applied === undefined) {
    return live;
  }
  const shape = shapeOf(schema, source, applied);
  if (shape.kind === 'atomic' || live === undefined || live === null) {
    return applied;
  }
  if (shape.kind === 'map') {
    if (!isObject(live)) {
      return applied;
    }
    const result: JsonObject = { ...live };
    for (const [name, part] of Object.entries(applied as JsonObject)) {
      result[name] = merge(schema, shape.field(name), live[name], part);
    }
    return result;
  }
  if (!Array.isArray(live)) {
    return applied;
  }
  const appliedItems = itemsByElement(shape, applied as unknown[]);
  const liveItems = itemsByElement(shape, live);
  const mergeItem = (element: string) =>
    shape.kind === 'list-map'
      ? merge(
          schema,
          shape.items,
          liveItems.get(element),
          appliedItems.get(element),
        )
      : appliedItems.get(element) ?? liveItems.get(element);
  // The applied order counts, with what only the server has at the place where it was.
  const result: unknown[] = [];
  const appliedOrder = [...appliedItems.keys()];
  let next = 0;
  for (const element of liveItems.keys()) {
    if (!appliedItems.has(element)) {
      result.push(liveItems.get(element));
      continue;
    }
    const place = appliedOrder.indexOf(element);
    while (next <= place) {
      result.push(mergeItem(appliedOrder[next]));
      next += 1;
    }
  }
  while (next < appliedOrder.length) {
    result.push(mergeItem(appliedOrder[next]));
    next += 1;
  }
  return result;
}

/**
 * Removes what somebody applied before and does not apply any more, unless somebody else manages it.
 *
 * @param dropped - what the manager applied last time
 * @param managed - what anybody manages now, the manager included
 */
export function removeDropped(
  schema: KindSchema,
  object: JsonObject,
  dropped: FieldSet,
  managed: FieldSet,
): JsonObject {
  const result = remove(schema, rootSource(schema), object, dropped, managed);
  return result as JsonObject;
}

function remove(
  schema: KindSchema,
  source: ShapeSource | undefined,
  value: unknown,
  dropped: FieldSet,
  managed: FieldSet | undefined,
  depth = 0,
): unknown {
  const shape = shapeOf(schema, source, value);
  if (shape.kind === 'atomic') {
    return value;
  }
  if (shape.kind === 'map') {
    const result: JsonObject = { ...(value as JsonObject) };
    for (const [element, below] of dropped.children()) {
      const name = element.slice(2);
      const others = managed?.child(element);
      const isMetadata = depth === 0 && name === 'metadata';
      if (name in result) {
        if (others || isMetadata) {
          result[name] = remove(
            schema,
            shape.field(name),
            result[name],
            below,
            others,
            depth + 1,
          );
        } else {
          delete result[name];
        }
      }
    }
    return result;
  }
  const kept: unknown[] = [];
  for (const [element, item] of itemsByElement(shape, value as unknown[])) {
    const below = dropped.child(element);
    const others = managed?.child(element);
    if (!below) {
      kept.push(item);
    } else if (others) {
      kept.push(
        shape.kind === 'list-map'
          ? remove(schema, shape.items, item, below, others, depth + 1)
          : item,
      );
    }
  }
  return kept;
}
