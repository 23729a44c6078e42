import type { JsonSchema, KindSchema } from '../schema/JsonSchema';
import { badRequest } from '../write/statusErrors';
import { equalJson, isObject } from './jsonValues';
import type { JsonObject } from './jsonValues';

const ORDER = '$setElementOrder/';
const DELETE_PRIMITIVES = '$deleteFromPrimitiveList/';

/**
 * Applies a strategic merge patch: like a merge patch, but lists are merged by the keys that the schema names.
 *
 * @throws StatusError 400 if an item of such a list has no key
 */
export function applyStrategicMergePatch(
  schema: KindSchema,
  target: JsonObject,
  patch: JsonObject,
): JsonObject {
  return mergeMap(schema, schema.root, target, patch);
}

function mergeMap(
  kind: KindSchema,
  declared: JsonSchema | undefined,
  target: JsonObject,
  patch: JsonObject,
): JsonObject {
  const schema = declared && kind.resolve(declared);
  if (patch.$patch === 'replace') {
    const { $patch, ...rest } = patch;
    return rest;
  }
  if (patch.$patch === 'delete') {
    return {};
  }
  const result: JsonObject = { ...target };
  if (Array.isArray(patch.$retainKeys)) {
    for (const name of Object.keys(result)) {
      if (!patch.$retainKeys.includes(name)) {
        delete result[name];
      }
    }
  }
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith(DELETE_PRIMITIVES)) {
      const field = name.slice(DELETE_PRIMITIVES.length);
      result[field] = (result[field] ?? []).filter(
        (item: unknown) =>
          !value.some((gone: unknown) => equalJson(item, gone)),
      );
    }
  }
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith('$')) {
      continue;
    }
    const property = fieldSchema(schema, name);
    const strategies =
      property?.['x-kubernetes-patch-strategy']?.split(',') ?? [];
    if (value === null) {
      delete result[name];
    } else if (isObject(value) && !strategies.includes('replace')) {
      if (value.$patch === 'delete') {
        delete result[name];
      } else {
        const before = isObject(result[name]) ? result[name] : {};
        result[name] = mergeMap(kind, property, before, value);
      }
    } else if (Array.isArray(value) && strategies.includes('merge')) {
      const before = Array.isArray(result[name]) ? result[name] : [];
      result[name] = mergeList(kind, property!, name, before, value);
    } else {
      result[name] = value;
    }
  }
  for (const [name, order] of Object.entries(patch)) {
    if (name.startsWith(ORDER)) {
      const field = name.slice(ORDER.length);
      if (Array.isArray(result[field])) {
        result[field] = orderItems(
          result[field],
          target[field] ?? [],
          order,
          fieldSchema(schema, field)?.['x-kubernetes-patch-merge-key'],
        );
      }
    }
  }
  return result;
}

function fieldSchema(
  schema: JsonSchema | undefined,
  name: string,
): JsonSchema | undefined {
  const rest = schema?.additionalProperties;
  return (
    schema?.properties?.[name] ?? (typeof rest === 'object' ? rest : undefined)
  );
}

function mergeList(
  kind: KindSchema,
  schema: JsonSchema,
  name: string,
  target: readonly unknown[],
  patch: readonly unknown[],
): unknown[] {
  const key = schema['x-kubernetes-patch-merge-key'];
  if (key === undefined) {
    const added = patch.filter(
      item => !target.some(known => equalJson(known, item)),
    );
    return [...target, ...added];
  }
  const items = patch.map(item => {
    if (!isObject(item)) {
      throw badRequest(
        `unable to merge the list ${name}: its items are not objects`,
      );
    }
    return item;
  });
  if (items.some(item => item.$patch === 'replace')) {
    return items.filter(item => item.$patch !== 'replace');
  }
  let result = [...target];
  for (const item of items) {
    if (item[key] === undefined) {
      throw badRequest(
        `map: ${JSON.stringify(
          item,
        )} does not contain declared merge key: ${key}`,
      );
    }
    const index = result.findIndex(
      known => isObject(known) && equalJson(known[key], item[key]),
    );
    if (item.$patch === 'delete') {
      result = result.filter(
        known => !isObject(known) || !equalJson(known[key], item[key]),
      );
    } else if (index < 0) {
      result.push(mergeMap(kind, schema.items, {}, item));
    } else {
      result[index] = mergeMap(
        kind,
        schema.items,
        result[index] as JsonObject,
        item,
      );
    }
  }
  return result;
}

/** Orders items as the patch says, with those that only the server has at the place where they were. */
function orderItems(
  items: readonly unknown[],
  before: readonly unknown[],
  order: readonly unknown[],
  key: string | undefined,
): unknown[] {
  const identify = (item: unknown) =>
    JSON.stringify(key !== undefined && isObject(item) ? item[key] : item);
  const wanted = order.map(identify);
  const known = before.map(identify);
  const listed = items
    .filter(item => wanted.includes(identify(item)))
    .sort(
      (left, right) =>
        wanted.indexOf(identify(left)) - wanted.indexOf(identify(right)),
    );
  const others = items.filter(item => !wanted.includes(identify(item)));
  const result: unknown[] = [];
  while (listed.length > 0 && others.length > 0) {
    const left = known.indexOf(identify(listed[0]));
    const right = known.indexOf(identify(others[0]));
    const takeOther = left >= 0 && right >= 0 && right < left;
    result.push(takeOther ? others.shift() : listed.shift());
  }
  return [...result, ...listed, ...others];
}
