import type { KindSchema } from '../schema/JsonSchema';
import { FieldSet, keyElement } from './FieldSet';
import { equalJson, isObject } from './jsonValues';
import { shapeOf } from './SchemaShape';
import type { Shape, ShapeSource } from './SchemaShape';

/** All fields that a value gives. */
export function collectFields(schema: KindSchema, value: unknown): FieldSet {
  const set = new FieldSet();
  collect(schema, rootSource(schema), value, set);
  return set;
}

/** Which fields are new, which have another value, and which are gone. */
export interface FieldChanges {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** Compares two versions of an object field by field. */
export function compareFields(
  schema: KindSchema,
  before: unknown,
  after: unknown,
): FieldChanges {
  const changes = {
    added: new FieldSet(),
    modified: new FieldSet(),
    removed: new FieldSet(),
  };
  compare(schema, rootSource(schema), before, after, changes);
  return changes;
}

/** The source of the whole object's shape. */
export function rootSource(schema: KindSchema): ShapeSource {
  return { schema: schema.root, neverMissing: true };
}

/** The items of a list by the elements of their paths. */
export function itemsByElement(
  shape: Extract<Shape, { kind: 'set' | 'list-map' }>,
  list: readonly unknown[],
): Map<string, unknown> {
  const items = new Map<string, unknown>();
  list.forEach((item, index) => {
    items.set(elementOf(shape, item, index), item);
  });
  return items;
}

function elementOf(
  shape: Extract<Shape, { kind: 'set' | 'list-map' }>,
  item: unknown,
  index: number,
): string {
  if (shape.kind === 'set') {
    return `v:${JSON.stringify(item)}`;
  }
  return isObject(item)
    ? keyElement({ ...shape.keyDefaults, ...item }, shape.keys)
    : `i:${index}`;
}

function collect(
  schema: KindSchema,
  source: ShapeSource | undefined,
  value: unknown,
  set: FieldSet,
): void {
  const shape = shapeOf(schema, source, value);
  if (shape.kind === 'atomic') {
    set.member = true;
    return;
  }
  if (shape.kind === 'map') {
    for (const [name, part] of Object.entries(value as object)) {
      const field = shape.field(name);
      const child = set.descend(`f:${name}`);
      collect(schema, field, part, child);
      if (isEmptyValue(part) || !field) {
        child.member = true;
      }
      set.prune(`f:${name}`);
    }
    return;
  }
  for (const [element, item] of itemsByElement(shape, value as unknown[])) {
    const child = set.descend(element);
    if (shape.kind === 'list-map') {
      collect(schema, shape.items, item, child);
    }
    child.member = true;
  }
}

function isEmptyValue(value: unknown): boolean {
  return value === null || (isObject(value) && Object.keys(value).length === 0);
}

function compare(
  schema: KindSchema,
  source: ShapeSource | undefined,
  before: unknown,
  after: unknown,
  changes: FieldChanges,
): void {
  if (before === after) {
    return;
  }
  const shape = shapeOf(schema, source, after ?? before ?? undefined);
  const bothEmpty = isNothing(before) && isNothing(after);
  const sameKind =
    before === undefined ||
    before === null ||
    after === undefined ||
    after === null ||
    (Array.isArray(before) === Array.isArray(after) &&
      isObject(before) === isObject(after));
  if (shape.kind === 'atomic' || bothEmpty || !sameKind) {
    if (before === undefined) {
      changes.added.member = true;
    } else if (after === undefined) {
      changes.removed.member = true;
    } else if (!equalJson(before, after)) {
      changes.modified.member = true;
    }
    return;
  }
  if (shape.kind === 'map') {
    const left = (before ?? {}) as Record<string, unknown>;
    const right = (after ?? {}) as Record<string, unknown>;
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const field = shape.field(name);
      descend(`f:${name}`, changes, below =>
        compare(
          schema,
          field,
          before === undefined ? left[name] : orEmpty(field, left[name]),
          after === undefined ? right[name] : orEmpty(field, right[name]),
          below,
        ),
      );
    }
  } else {
    const left = itemsByElement(shape, (before ?? []) as unknown[]);
    const right = itemsByElement(shape, (after ?? []) as unknown[]);
    for (const element of new Set([...left.keys(), ...right.keys()])) {
      descend(element, changes, below =>
        compare(
          schema,
          shape.kind === 'list-map' ? shape.items : undefined,
          left.get(element),
          right.get(element),
          below,
        ),
      );
    }
  }
  if (before === undefined) {
    changes.added.member = true;
  } else if (after === undefined) {
    changes.removed.member = true;
  }
}

function orEmpty(source: ShapeSource | undefined, value: unknown): unknown {
  if (value !== undefined || !source?.neverMissing) {
    return value;
  }
  return source.schema?.type === 'array' ? null : {};
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    (Array.isArray(value) && value.length === 0) ||
    (isObject(value) && Object.keys(value).length === 0)
  );
}

function descend(
  element: string,
  changes: FieldChanges,
  visit: (below: FieldChanges) => void,
): void {
  visit({
    added: changes.added.descend(element),
    modified: changes.modified.descend(element),
    removed: changes.removed.descend(element),
  });
  changes.added.prune(element);
  changes.modified.prune(element);
  changes.removed.prune(element);
}
