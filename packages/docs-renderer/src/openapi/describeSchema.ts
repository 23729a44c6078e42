import { escapeText } from '../markdown/highlight/PygmentsEmitter';

/** A value of a file that somebody else wrote: nothing is known of it. */
export type Loose = Readonly<Record<string, unknown>>;

/** The value as a mapping; an empty one when it is none. */
export function asMap(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Loose)
    : {};
}

/** The value as a list; an empty one when it is none. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text; the empty one when it is neither text nor a number. */
export function asText(value: unknown): string {
  return typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
    ? String(value)
    : '';
}

/** One property of a schema, with the names of those that it is in. */
export interface SchemaRow {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

const MAX_DEPTH = 4;
const MAX_ROWS = 300;
const MAX_VALUES = 20;

/** HTML of a schema's type: `array of <a>Order</a>`. */
export function typeOf(value: unknown, depth = 0): string {
  const schema = asMap(value);
  const reference = nameOfReference(schema.$ref);
  if (reference) {
    return `<a href="#schema-${encodeURIComponent(reference)}">${escapeText(
      reference,
    )}</a>`;
  }
  if (depth > MAX_DEPTH) return '…';
  for (const [key, word] of [
    ['oneOf', ' or '],
    ['anyOf', ' or '],
    ['allOf', ' and '],
  ] as const) {
    const parts = asList(schema[key]).slice(0, MAX_VALUES);
    if (parts.length > 0) {
      return parts.map(part => typeOf(part, depth + 1)).join(word);
    }
  }
  const types = asList(schema.type).map(asText).join(' or ');
  const type = types || asText(schema.type);
  if (type === 'array' || schema.items !== undefined) {
    return `array of ${typeOf(schema.items, depth + 1)}`;
  }
  const values = asList(schema.enum).slice(0, MAX_VALUES);
  if (values.length > 0) {
    return values
      .map(each => `<code>${escapeText(asText(each))}</code>`)
      .join(' ');
  }
  const format = asText(schema.format);
  const name = type || (schema.properties ? 'object' : 'any');
  return escapeText(format ? `${name} (${format})` : name);
}

/** The properties of a schema that is written where it is used, those of objects in it included. */
export function rowsOf(value: unknown): readonly SchemaRow[] {
  const rows: SchemaRow[] = [];
  const walk = (part: unknown, prefix: string, depth: number) => {
    const schema = asMap(part);
    for (const each of asList(schema.allOf)) walk(each, prefix, depth + 1);
    const required = new Set(asList(schema.required).map(asText));
    for (const [name, each] of Object.entries(asMap(schema.properties))) {
      if (rows.length >= MAX_ROWS || depth > MAX_DEPTH) return;
      const property = asMap(each);
      rows.push({
        name: `${prefix}${name}`,
        type: typeOf(property),
        required: required.has(name),
        description: asText(property.description),
      });
      if (property.$ref) continue;
      const items = asMap(property.items);
      if (property.properties) walk(property, `${prefix}${name}.`, depth + 1);
      else if (items.properties) walk(items, `${prefix}${name}[].`, depth + 1);
    }
  };
  walk(value, '', 0);
  return rows;
}

/** Name of a schema of the same file. */
export function nameOfReference(reference: unknown): string | undefined {
  return /^#\/(?:components\/schemas|definitions)\/([\w.-]+)$/.exec(
    asText(reference),
  )?.[1];
}
