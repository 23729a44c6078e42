import type { JsonSchema, KindSchema } from '../schema/JsonSchema';
import { isObject } from './jsonValues';

/**
 * How server-side apply treats a value.
 *
 * @internal
 */
export type Shape =
  | { readonly kind: 'atomic' }
  | { readonly kind: 'map'; field(name: string): ShapeSource | undefined }
  | { readonly kind: 'set' }
  | {
      readonly kind: 'list-map';
      readonly keys: readonly string[];
      /** What a key is that an item does not give. */
      readonly keyDefaults: Readonly<Record<string, unknown>>;
      readonly items: ShapeSource;
    };

/**
 * Where the shape of a value comes from: its schema, or without one the value itself.
 *
 * @internal
 */
export interface ShapeSource {
  readonly schema: JsonSchema | undefined;
  /** Whether a value that is not there is an empty one, as for a struct of Go that is no pointer, or a list that Go always writes. */
  readonly neverMissing: boolean;
}

/** Finds how a value is merged. Values that the schema does not know are merged by what they are. */
export function shapeOf(
  kindSchema: KindSchema,
  source: ShapeSource | undefined,
  value: unknown,
): Shape {
  const schema = source?.schema && kindSchema.resolve(source.schema);
  if (Array.isArray(value)) {
    return schema ? listShape(kindSchema, schema) : { kind: 'atomic' };
  }
  if (!isObject(value)) {
    return { kind: 'atomic' };
  }
  if (schema?.['x-kubernetes-map-type'] === 'atomic') {
    return { kind: 'atomic' };
  }
  return {
    kind: 'map',
    field: name => {
      const property = schema?.properties?.[name];
      if (property) {
        return fieldSource(
          property,
          !kindSchema.custom && schema?.required?.includes(name),
        );
      }
      const rest = schema?.additionalProperties;
      return typeof rest === 'object'
        ? { schema: rest, neverMissing: false }
        : undefined;
    },
  };
}

function fieldSource(
  property: JsonSchema,
  isNullWhenEmpty: boolean | undefined,
): ShapeSource {
  return {
    schema: property,
    neverMissing:
      (property.type === 'array' && isNullWhenEmpty === true) ||
      (property.allOf !== undefined &&
        isObject(property.default) &&
        Object.keys(property.default).length === 0),
  };
}

function listShape(kindSchema: KindSchema, schema: JsonSchema): Shape {
  const items: ShapeSource = { schema: schema.items, neverMissing: false };
  const listType = schema['x-kubernetes-list-type'];
  const mergeKey = schema['x-kubernetes-patch-merge-key'];
  if (listType === 'set') {
    return { kind: 'set' };
  }
  if (listType === 'map') {
    return listMap(kindSchema, items, schema['x-kubernetes-list-map-keys']!);
  }
  if (
    listType === undefined &&
    schema['x-kubernetes-patch-strategy']?.split(',').includes('merge')
  ) {
    return mergeKey ? listMap(kindSchema, items, [mergeKey]) : { kind: 'set' };
  }
  return { kind: 'atomic' };
}

function listMap(
  kindSchema: KindSchema,
  items: ShapeSource,
  keys: readonly string[],
): Shape {
  const properties =
    items.schema && kindSchema.resolve(items.schema).properties;
  const keyDefaults: Record<string, unknown> = {};
  for (const key of keys) {
    const property = properties?.[key];
    if (property?.default !== undefined && property.default !== '') {
      keyDefaults[key] = property.default;
    }
  }
  return { kind: 'list-map', keys, keyDefaults, items };
}
