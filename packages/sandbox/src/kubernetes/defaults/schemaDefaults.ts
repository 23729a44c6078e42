import type { KubernetesObject } from '../KubernetesCluster';
import { isObject } from '../patch/jsonValues';
import type { JsonObject } from '../patch/jsonValues';
import type { JsonSchema, KindSchema } from '../schema/JsonSchema';

/** Schemas without any default below them, which need no walk. */
const withoutDefaults = new WeakMap<JsonSchema, boolean>();

/** A custom resource with the defaults of its schema. */
export function applySchemaDefaults(
  schema: KindSchema,
  object: KubernetesObject,
): KubernetesObject {
  const properties = { ...schema.root.properties };
  delete properties.metadata;
  return fillObject({ ...schema.root, properties }, object) as KubernetesObject;
}

function fill(schema: JsonSchema, value: unknown): unknown {
  if (!hasDefaults(schema)) {
    return value;
  }
  if (Array.isArray(value)) {
    const items = schema.items;
    return items ? value.map(item => fill(items, item)) : value;
  }
  return isObject(value) ? fillObject(schema, value) : value;
}

function fillObject(schema: JsonSchema, value: JsonObject): JsonObject {
  let result = value;
  const set = (name: string, filled: unknown) => {
    if (result === value) {
      result = { ...value };
    }
    result[name] = filled;
  };
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isMissing =
      value[name] === undefined || (value[name] === null && !property.nullable);
    if (isMissing && property.default !== undefined) {
      set(name, fill(property, structuredClone(property.default)));
    } else if (value[name] === null && !property.nullable && property.type) {
      // Null where it is not allowed counts as not given when there is a default, and is refused otherwise.
      continue;
    } else if (value[name] !== undefined) {
      const filled = fill(property, value[name]);
      if (filled !== value[name]) {
        set(name, filled);
      }
    }
  }
  const rest = schema.additionalProperties;
  if (typeof rest === 'object') {
    for (const [name, part] of Object.entries(value)) {
      if (!schema.properties?.[name]) {
        const filled = fill(rest, part);
        if (filled !== part) {
          set(name, filled);
        }
      }
    }
  }
  return result;
}

function hasDefaults(schema: JsonSchema): boolean {
  const known = withoutDefaults.get(schema);
  if (known !== undefined) {
    return !known;
  }
  const below = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.items ? [schema.items] : []),
    ...(typeof schema.additionalProperties === 'object'
      ? [schema.additionalProperties]
      : []),
  ];
  const has = below.some(
    part => part.default !== undefined || hasDefaults(part),
  );
  withoutDefaults.set(schema, !has);
  return has;
}
