import type { KubernetesObject } from '../KubernetesCluster';
import { isObject } from '../patch/jsonValues';
import type { JsonObject } from '../patch/jsonValues';
import { formatApiVersion } from '../resources/ResourceType';
import type { ResourceType } from '../resources/ResourceType';
import { badRequest } from '../write/statusErrors';
import type { JsonSchema, KindSchema } from './JsonSchema';

const EMBEDDED_FIELDS = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * Reads an object as the kind that it is meant to be: drops what the schema does not know.
 *
 * @param onUnknown - is told of every field that is dropped, such as `spec.replica`
 * @throws StatusError 400 if a field of a built-in kind is of another type
 */
export function decodeObject(
  type: ResourceType,
  schema: KindSchema,
  object: KubernetesObject,
  onUnknown: (path: string) => void,
): KubernetesObject {
  const decoder: Decoder = { type, schema, onUnknown };
  return decode(decoder, schema.root, object, '') as KubernetesObject;
}

interface Decoder {
  readonly type: ResourceType;
  readonly schema: KindSchema;
  onUnknown(path: string): void;
}

function decode(
  decoder: Decoder,
  declared: JsonSchema,
  value: unknown,
  path: string,
): unknown {
  const schema = decoder.schema.resolve(declared);
  if (value === null || value === undefined) {
    return value;
  }
  checkType(decoder, schema, value, path);
  if (Array.isArray(value)) {
    if (!schema.items) {
      return value;
    }
    const items = schema.items;
    return mapItems(value, (item, index) =>
      decode(decoder, items, item, `${path}[${index}]`),
    );
  }
  return isObject(value) ? decodeFields(decoder, schema, value, path) : value;
}

function decodeFields(
  decoder: Decoder,
  schema: JsonSchema,
  value: JsonObject,
  path: string,
): JsonObject {
  const builtIn = isBuiltIn(decoder, path);
  const rest = schema.additionalProperties;
  const open =
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    rest === true ||
    (builtIn && !schema.properties && !rest);
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  let result = value;
  const copy = () => {
    if (result === value) {
      result = { ...value };
    }
    return result;
  };
  for (const [name, part] of Object.entries(value)) {
    const fieldPath = path ? `${path}.${name}` : name;
    const property = schema.properties?.[name];
    if (embedded && EMBEDDED_FIELDS.has(name)) {
      continue;
    }
    if (property || typeof rest === 'object') {
      const required = schema.required?.includes(name) ?? false;
      const fieldSchema = property ?? (rest as JsonSchema);
      const decoded = decode(decoder, fieldSchema, part, fieldPath);
      if (
        property &&
        builtIn &&
        !required &&
        isNothing(decoder.schema.resolve(fieldSchema), decoded)
      ) {
        delete copy()[name];
      } else if (decoded === null && isDroppedNull(decoder, property)) {
        delete copy()[name];
      } else if (decoded !== part) {
        copy()[name] = decoded;
      }
    } else if (!open) {
      decoder.onUnknown(fieldPath);
      delete copy()[name];
    }
  }
  return result;
}

/** A null that a structural schema does not allow counts as not given. */
function isDroppedNull(
  decoder: Decoder,
  property: JsonSchema | undefined,
): boolean {
  return (
    decoder.schema.custom && property?.type !== undefined && !property.nullable
  );
}

/** What Go does not write: null, and lists and maps without anything in them. */
function isNothing(schema: JsonSchema, value: unknown): boolean {
  return (
    value === null ||
    (Array.isArray(value) && value.length === 0) ||
    (isObject(value) &&
      schema.additionalProperties !== undefined &&
      Object.keys(value).length === 0)
  );
}

/** The metadata of custom resources is read as that of built-in ones. */
function isBuiltIn(decoder: Decoder, path: string): boolean {
  return (
    !decoder.schema.custom ||
    path === 'metadata' ||
    path.startsWith('metadata.')
  );
}

function checkType(
  decoder: Decoder,
  schema: JsonSchema,
  value: unknown,
  path: string,
): void {
  if (schema.type === undefined || !isBuiltIn(decoder, path)) {
    return;
  }
  const actual = goTypeOf(value);
  const matches =
    schema.type === actual ||
    (schema.type === 'integer' && Number.isInteger(value)) ||
    (schema.type === 'number' && actual === 'number');
  if (matches) {
    return;
  }
  const { kind, version } = decoder.type;
  const what = `${kind} in version "${version}" cannot be handled as a ${kind}`;
  throw badRequest(
    `${what}: json: cannot unmarshal ${
      actual === 'boolean' ? 'bool' : actual
    } into Go struct field ${formatGoField(
      decoder.type,
      path,
    )} of type ${goType(schema)}`,
  );
}

function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) {
    return 'array';
  }
  return typeof value === 'object' ? 'object' : typeof value;
}

function formatGoField(type: ResourceType, path: string): string {
  return `${type.kind}.${path.replace(/\[\d+\]/g, '')}`;
}

function goType(schema: JsonSchema): string {
  switch (schema.type) {
    case 'integer':
      return schema.format ?? 'int64';
    case 'boolean':
      return 'bool';
    case 'number':
      return 'float64';
    case 'array':
      return '[]interface {}';
    case 'object':
      return 'map[string]interface {}';
    default:
      return schema.type ?? 'interface {}';
  }
}

function mapItems(
  list: readonly unknown[],
  change: (item: unknown, index: number) => unknown,
): readonly unknown[] {
  let result: unknown[] | undefined;
  list.forEach((item, index) => {
    const changed = change(item, index);
    if (changed !== item) {
      result ??= [...list];
      result[index] = changed;
    }
  });
  return result ?? list;
}

/** The answer to unknown fields where they are not allowed. */
export function strictDecodingError(
  type: ResourceType,
  paths: readonly string[],
): Error {
  const fields = paths.map(path => `unknown field "${path}"`).join(', ');
  return badRequest(
    `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: strict decoding error: ${fields}`,
  );
}

/** `apps/v1, Kind=Deployment`, as Go prints a kind. */
export function formatGoKind(type: ResourceType): string {
  return `${formatApiVersion(type)}, Kind=${type.kind}`;
}
