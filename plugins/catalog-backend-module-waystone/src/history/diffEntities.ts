import type { Entity } from '@backstage/catalog-model';
import type { JsonValue } from '@backstage/types';
import type { HistoryFieldChange } from '@waystone/plugin-catalog-overview-common';
import { textDifference } from './textDifference';

/** Of one change. Ten thousand new tags are one change with a number. */
const MOST_FIELDS = 100;

/** A name as deep as this is none that a person reads. */
const MOST_DEPTH = 6;

/** What the catalog computes: relations come from the fields of this entity or from other entities. */
const COMPUTED = new Set([
  'relations',
  'status',
  'metadata.uid',
  'metadata.etag',
  'metadata.generation',
]);

/** What the catalog notes about where an entity came from. */
const TECHNICAL = new Set(
  [
    'managed-by-location',
    'managed-by-origin-location',
    'view-url',
    'edit-url',
    'source-location',
    'source-template',
  ].map(name => `metadata.annotations.backstage.io/${name}`),
);

/** What differs between two versions of an entity. */
export interface EntityDifference {
  readonly changes: readonly HistoryFieldChange[];
  /** How many more changes there are. */
  readonly more: number;
  /** The names of all fields that changed. */
  readonly fields: readonly string[];
  /** Whether all of them are the catalog's own notes. */
  readonly technical: boolean;
}

type Field = string | readonly string[];

/** Without what the catalog computes, and with no more than a page can show. */
export function diffEntities(
  before: Entity | undefined,
  after: Entity | undefined,
): EntityDifference {
  const left = fieldsOf(before);
  const right = fieldsOf(after);
  const changes: HistoryFieldChange[] = [];
  const names = [...new Set([...left.keys(), ...right.keys()])].sort(byPlace);
  for (const field of names) {
    changes.push(...diffField(field, left.get(field), right.get(field)));
  }
  const fields = [...new Set(changes.map(({ field }) => field))];
  return {
    // What a person wrote first, so that it is kept
    changes: [
      ...changes.filter(({ field }) => !TECHNICAL.has(field)),
      ...changes.filter(({ field }) => TECHNICAL.has(field)),
    ].slice(0, MOST_FIELDS),
    more: Math.max(0, changes.length - MOST_FIELDS),
    fields: fields.slice(0, MOST_FIELDS),
    technical: fields.length > 0 && fields.every(field => TECHNICAL.has(field)),
  };
}

/** `spec` before `metadata`, as what matters most is there. */
function byPlace(left: string, right: string): number {
  const place = (field: string) => (field.startsWith('spec.') ? 0 : 1);
  return place(left) - place(right) || (left < right ? -1 : 1);
}

function diffField(
  field: string,
  before: Field | undefined,
  after: Field | undefined,
): HistoryFieldChange[] {
  if (Array.isArray(before) || Array.isArray(after)) {
    const left = new Set(asList(before));
    const right = new Set(asList(after));
    return [
      ...[...left]
        .filter(entry => !right.has(entry))
        .map(entry => ({
          field,
          action: 'removed' as const,
          entry: true,
          ...textDifference(entry, undefined),
        })),
      ...[...right]
        .filter(entry => !left.has(entry))
        .map(entry => ({
          field,
          action: 'added' as const,
          entry: true,
          ...textDifference(undefined, entry),
        })),
    ];
  }
  if (before === after) {
    return [];
  }
  const existing =
    (before === undefined && 'added') ||
    (after === undefined && 'removed') ||
    'changed';
  return [
    {
      field,
      action: existing,
      ...textDifference(
        before as string | undefined,
        after as string | undefined,
      ),
    },
  ];
}

function asList(field: Field | undefined): readonly string[] {
  if (field === undefined) {
    return [];
  }
  return typeof field === 'string' ? [field] : field;
}

/** The fields of an entity by their names; the entries of a list are texts. */
function fieldsOf(entity: Entity | undefined): Map<string, Field> {
  const fields = new Map<string, Field>();
  const visit = (name: string, value: JsonValue | undefined, depth: number) => {
    if (value === undefined || value === null || COMPUTED.has(name)) {
      return;
    }
    if (Array.isArray(value)) {
      fields.set(name, value.map(toText));
    } else if (typeof value === 'object' && depth < MOST_DEPTH) {
      for (const [key, child] of Object.entries(value)) {
        visit(name ? `${name}.${key}` : key, child, depth + 1);
      }
    } else {
      fields.set(name, toText(value));
    }
  };
  visit('', entity as JsonValue | undefined, 0);
  return fields;
}

/** `title: Chat, url: https://…` of an object in a list. */
function toText(value: JsonValue | undefined): string {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value)
      .map(
        ([key, child]) =>
          `${key}: ${
            typeof child === 'object' ? JSON.stringify(child) : String(child)
          }`,
      )
      .join(', ');
  }
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
