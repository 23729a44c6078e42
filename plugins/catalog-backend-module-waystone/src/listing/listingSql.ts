import {
  LISTING_NONE,
  type ListingField,
  type ListingFilter,
  type ListingSort,
} from '@waystone/plugin-catalog-overview-common';
import { allOf, anyOf, sqlPart } from '../database/SqlPart';
import type { SqlPart } from '../database/SqlPart';

/** Words of a search beyond it say nothing more. */
const MOST_WORDS = 8;

/** The columns that a filter of several values compares. */
const COLUMNS = [
  'type',
  'owner',
  'system',
  'lifecycle',
  'tier',
  'namespace',
] as const;

/**
 * The filter as a condition on rows of `waystone_listing` that are called `l`.
 *
 * @param without - the field whose own filter is left out, because its values are asked for
 */
export function filterSql(
  filter: ListingFilter,
  without?: ListingField,
): SqlPart {
  const parts: SqlPart[] = [];
  if (filter.kind) {
    parts.push(sqlPart('l.kind = ?', filter.kind));
  }
  for (const column of COLUMNS) {
    if (column !== without && filter[column].length > 0) {
      parts.push(
        column === 'owner'
          ? ownedBy(filter.owner)
          : oneOf(`l.${column}`, filter[column]),
      );
    }
  }
  if (without !== 'tag' && filter.tag.length > 0) {
    parts.push(tagsSql(filter.tag));
  }
  if (filter.docs) {
    parts.push(sqlPart('l.docs = ?', filter.docs === 'yes'));
  }
  if (filter.entityRef) {
    parts.push(sqlPart('l.entity_ref = any(?::text[])', filter.entityRef));
  }
  const words = filter.q?.toLocaleLowerCase('en-US').split(/\s+/) ?? [];
  for (const word of words.filter(Boolean).slice(0, MOST_WORDS)) {
    // Not `like`: nothing in a word has a meaning of its own. NUL cannot be sent to PostgreSQL.
    parts.push(sqlPart('strpos(l.words, ?) > 0', word.replaceAll('\0', '')));
  }
  return allOf(parts);
}

function oneOf(column: string, values: readonly string[]): SqlPart {
  const named = values.filter(value => value !== LISTING_NONE);
  return anyOf([
    ...(named.length > 0
      ? [sqlPart(`${column} = any(?::text[])`, named.map(withoutNul))]
      : []),
    ...(named.length < values.length ? [sqlPart(`${column} is null`)] : []),
  ]);
}

/** The first owner by its own index, the others among the few that have several. */
function ownedBy(values: readonly string[]): SqlPart {
  const named = values.filter(value => value !== LISTING_NONE).map(withoutNul);
  return anyOf([
    oneOf('l.owner', values),
    ...(named.length > 0
      ? [
          sqlPart(
            '(cardinality(l.owners) > 1 and l.owners && ?::text[])',
            named,
          ),
        ]
      : []),
  ]);
}

function tagsSql(tags: readonly string[]): SqlPart {
  const named = tags.filter(tag => tag !== LISTING_NONE);
  return allOf([
    ...(named.length > 0
      ? [sqlPart('l.tags @> ?::text[]', named.map(withoutNul))]
      : []),
    ...(named.length < tags.length ? [sqlPart(`l.tags = '{}'`)] : []),
  ]);
}

/** PostgreSQL has no text with the character NUL. */
export function withoutNul(value: string): string {
  return value.replaceAll('\0', '');
}

/** By what to sort. Ties are broken by title, so that pages never overlap; what has no value comes last. */
export function orderSql(sort: ListingSort, order: 'asc' | 'desc'): string {
  return sort === 'name'
    ? `l.sort_title ${order}, l.entity_id ${order}`
    : `l.${sort} ${order} nulls last, l.sort_title, l.entity_id`;
}
