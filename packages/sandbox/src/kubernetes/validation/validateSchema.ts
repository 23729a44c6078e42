import { isObject } from '../patch/jsonValues';
import type { JsonSchema } from '../schema/JsonSchema';
import type { FieldError } from '../write/statusErrors';

/**
 * Checks a custom resource against its schema, in the words of the API server.
 *
 * @param path - of the value, empty for the whole object
 */
export function validateSchema(
  schema: JsonSchema,
  value: unknown,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  check(schema, value, path, errors);
  return errors;
}

function check(
  schema: JsonSchema,
  value: unknown,
  path: string,
  errors: FieldError[],
): void {
  if (value === null && schema.nullable) {
    return;
  }
  if (!hasType(schema, value)) {
    const wanted = schema['x-kubernetes-int-or-string']
      ? 'integer,string'
      : schema.type;
    errors.push({
      type: 'Invalid type',
      field: path,
      value: typeName(value),
      detail: `${path} in body must be of type ${wanted}: "${typeName(value)}"`,
    });
    return;
  }
  checkEnum(schema, value, path, errors);
  if (typeof value === 'string') {
    checkString(schema, value, path, errors);
  } else if (typeof value === 'number') {
    checkNumber(schema, value, path, errors);
  } else if (Array.isArray(value)) {
    checkList(schema, value, path, errors);
  } else if (isObject(value)) {
    checkObject(schema, value, path, errors);
  }
  checkCombinations(schema, value, path, errors);
}

function hasType(schema: JsonSchema, value: unknown): boolean {
  if (schema['x-kubernetes-int-or-string']) {
    return typeof value === 'string' || Number.isInteger(value);
  }
  switch (schema.type) {
    case undefined:
    case '':
      return true;
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    default:
      return typeof value === schema.type;
  }
}

function typeName(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  if (Array.isArray(value)) {
    return 'array';
  }
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function checkEnum(
  schema: JsonSchema,
  value: unknown,
  path: string,
  errors: FieldError[],
): void {
  if (schema.enum && !schema.enum.some(allowed => allowed === value)) {
    errors.push({
      type: 'Unsupported value',
      field: path,
      value,
      detail: `supported values: ${schema.enum
        .map(allowed => JSON.stringify(allowed))
        .join(', ')}`,
    });
  }
}

function checkString(
  schema: JsonSchema,
  value: string,
  path: string,
  errors: FieldError[],
): void {
  const length = [...value].length;
  if (schema.maxLength !== undefined && length > schema.maxLength) {
    errors.push({
      type: 'Too long',
      field: path,
      detail: `may not be more than ${schema.maxLength} bytes`,
    });
  }
  const refuse = refuseValue(path, value, errors);
  if (schema.minLength !== undefined && length < schema.minLength) {
    refuse(`should be at least ${schema.minLength} chars long`);
  }
  if (schema.pattern && !compile(schema.pattern).test(value)) {
    refuse(`should match '${schema.pattern}'`);
  }
  if (schema.format && !hasFormat(schema.format, value)) {
    refuse(`must be of type ${schema.format}: "${value}"`);
  }
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  'date-time':
    /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  uuid: /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i,
  ipv4: /^(\d{1,3}\.){3}\d{1,3}$/,
  byte: /^[A-Za-z0-9+/]*={0,2}$/,
};

function hasFormat(format: string, value: string): boolean {
  return FORMATS[format]?.test(value) ?? true;
}

const patterns = new Map<string, RegExp>();

/** Go's expressions are JavaScript's but for the flag `(?i)` and named classes, which schemas hardly use. */
function compile(pattern: string): RegExp {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    const flags = pattern.startsWith('(?i)') ? 'i' : '';
    const source = flags ? pattern.slice('(?i)'.length) : pattern;
    try {
      compiled = new RegExp(source, `${flags}u`);
    } catch {
      // Escapes that Unicode mode refuses, such as `\-` outside of a class.
      try {
        compiled = new RegExp(source, flags);
      } catch {
        // An expression of Go that JavaScript has no word for cannot be checked: everything matches.
        compiled = /^/;
      }
    }
    patterns.set(pattern, compiled);
  }
  return compiled;
}

function checkNumber(
  schema: JsonSchema,
  value: number,
  path: string,
  errors: FieldError[],
): void {
  const refuse = refuseValue(path, value, errors);
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (
    minimum !== undefined &&
    (exclusiveMinimum ? value <= minimum : value < minimum)
  ) {
    refuse(
      exclusiveMinimum
        ? `should be greater than ${minimum}`
        : `should be greater than or equal to ${minimum}`,
    );
  }
  if (
    maximum !== undefined &&
    (exclusiveMaximum ? value >= maximum : value > maximum)
  ) {
    refuse(
      exclusiveMaximum
        ? `should be less than ${maximum}`
        : `should be less than or equal to ${maximum}`,
    );
  }
  if (schema.multipleOf && value % schema.multipleOf !== 0) {
    refuse(`should be a multiple of ${schema.multipleOf}`);
  }
}

function checkList(
  schema: JsonSchema,
  value: readonly unknown[],
  path: string,
  errors: FieldError[],
): void {
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    errors.push({
      type: 'Too many',
      field: path,
      detail: `${value.length}: must have at most ${schema.maxItems} items`,
    });
  }
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    refuseValue(
      path,
      value.length,
      errors,
    )(`should have at least ${schema.minItems} items`);
  }
  checkDuplicates(schema, value, path, errors);
  const { items } = schema;
  if (items) {
    value.forEach((item, index) =>
      check(items, item, `${path}[${index}]`, errors),
    );
  }
}

function checkDuplicates(
  schema: JsonSchema,
  value: readonly unknown[],
  path: string,
  errors: FieldError[],
): void {
  const listType = schema['x-kubernetes-list-type'];
  if (listType !== 'set' && listType !== 'map') {
    return;
  }
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const seen = new Set<string>();
  value.forEach((item, index) => {
    const shown =
      listType === 'map' && isObject(item)
        ? Object.fromEntries(keys.map(key => [key, item[key]]))
        : item;
    const identity = JSON.stringify(shown);
    if (seen.has(identity)) {
      errors.push({
        type: 'Duplicate value',
        field: `${path}[${index}]`,
        value: shown,
        detail: '',
      });
    }
    seen.add(identity);
  });
}

function checkObject(
  schema: JsonSchema,
  value: Record<string, unknown>,
  path: string,
  errors: FieldError[],
): void {
  for (const name of schema.required ?? []) {
    if (value[name] === undefined) {
      errors.push({
        type: 'Required value',
        field: join(path, name),
        detail: '',
      });
    }
  }
  const count = Object.keys(value).length;
  if (schema.minProperties !== undefined && count < schema.minProperties) {
    refuseValue(
      path,
      count,
      errors,
    )(`should have at least ${schema.minProperties} properties`);
  }
  if (schema.maxProperties !== undefined && count > schema.maxProperties) {
    errors.push({
      type: 'Too many',
      field: path,
      detail: `${count}: must have at most ${schema.maxProperties} items`,
    });
  }
  const rest = schema.additionalProperties;
  for (const [name, part] of Object.entries(value)) {
    const property =
      schema.properties?.[name] ??
      (typeof rest === 'object' ? rest : undefined);
    if (property && part !== undefined) {
      check(property, part, join(path, name), errors);
    }
  }
}

function checkCombinations(
  schema: JsonSchema,
  value: unknown,
  path: string,
  errors: FieldError[],
): void {
  const matches = (part: JsonSchema) =>
    validateSchema(part, value, path).length === 0;
  const refuse = (detail: string) =>
    errors.push({ type: 'Invalid value', field: path, value: '', detail });
  // The type of `x-kubernetes-int-or-string` is repeated in an anyOf.
  if (
    schema.anyOf &&
    !schema['x-kubernetes-int-or-string'] &&
    !schema.anyOf.some(matches)
  ) {
    refuse(`"${path}" must validate at least one schema (anyOf)`);
  }
  if (schema.oneOf) {
    const count = schema.oneOf.filter(matches).length;
    if (count !== 1) {
      refuse(
        `"${path}" must validate one and only one schema (oneOf). Found ${
          count === 0 ? 'none' : count
        } valid${count === 0 ? '' : ' alternatives'}`,
      );
    }
  }
  for (const part of schema.allOf ?? []) {
    if (!part.$ref) {
      errors.push(...validateSchema(part, value, path));
    }
  }
  if (schema.not && matches(schema.not)) {
    refuse(`"${path}" must not validate the schema (not)`);
  }
}

function refuseValue(
  path: string,
  value: unknown,
  errors: FieldError[],
): (detail: string) => void {
  return detail =>
    errors.push({
      type: 'Invalid value',
      field: path,
      value,
      detail: `${path} in body ${detail}`,
    });
}

function join(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}
