import { LISTING_NONE } from '@waystone/plugin-catalog-overview-common';
import type { ListingField } from '@waystone/plugin-catalog-overview-common';
import type { Knex } from 'knex';
import { shortName } from './listingRows';
import type { SqlPart } from '../database/SqlPart';
import type { Visibility } from '../visibility/Visibility';

/** Rarer ones can still be typed into the address. */
const MOST_VALUES = 20_000;

/** A value that a picker offers. */
export interface ListingValue {
  readonly value: string;
  readonly title: string;
  /** The title to search in, in lower case. */
  readonly words: string;
  readonly count: number;
}

/** The values of a field with how many entities have them, the most frequent first. */
export async function readValues(
  knex: Knex,
  field: ListingField,
  where: SqlPart,
  visibility: Visibility,
): Promise<readonly ListingValue[]> {
  const counted = countedSql(field, where);
  const { rows } = await knex.raw<{
    rows: { value: string | null; title: string | null; count: number }[];
  }>(
    field === 'owner' || field === 'system'
      ? `with counted as materialized (${
          counted.sql
        } order by 2 desc, 1 limit ?)
         select counted.value, l.title, counted.count
         from counted left join waystone_listing l
           on l.entity_ref = counted.value and ${visibility.on('l').sql}
         order by 3 desc, 2, 1`
      : `select value, null as title, count from (${counted.sql}) counted order by 3 desc, 1 limit ?`,
    field === 'owner' || field === 'system'
      ? [...counted.bindings, MOST_VALUES, ...visibility.on('l').bindings]
      : [...counted.bindings, MOST_VALUES],
  );
  return rows.map(({ count, title, value }) => {
    const shown = title ?? (value === null ? '' : shortName(value));
    return {
      value: value ?? LISTING_NONE,
      title: shown,
      words: shown.toLocaleLowerCase('en-US'),
      count,
    };
  });
}

function countedSql(field: ListingField, where: SqlPart): SqlPart {
  if (field === 'tag') {
    return {
      sql: `select tag as value, count(*)::int as count
            from waystone_listing l
            left join lateral unnest(l.tags) tag on true
            where ${where.sql} group by 1`,
      bindings: where.bindings,
    };
  }
  const counted = {
    sql: `select l.${field} as value, count(*)::int as count
          from waystone_listing l where ${where.sql} group by 1`,
    bindings: where.bindings,
  };
  // All owners of all entities would be unpacked otherwise, and few have several
  return field === 'owner'
    ? {
        sql: `select value, sum(count)::int as count from (
                ${counted.sql}
                union all
                select other, count(*)::int
                from waystone_listing l, unnest(l.owners) other
                where cardinality(l.owners) > 1 and other <> l.owner and ${where.sql} group by 1
              ) owner group by 1`,
        bindings: [...counted.bindings, ...where.bindings],
      }
    : counted;
}
