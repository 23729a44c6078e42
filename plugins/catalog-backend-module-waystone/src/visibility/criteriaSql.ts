import type { EntitiesSearchFilter } from '@backstage/plugin-catalog-node';
import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import { allOf, anyOf, sqlPart } from '../database/SqlPart';
import type { SqlPart } from '../database/SqlPart';

/**
 * What the conditions of a permission ask of an entity, as a condition on rows with an `entity_id`.
 *
 * @param table - of the rows, or their alias; never from outside
 */
export function criteriaSql(
  criteria: PermissionCriteria<EntitiesSearchFilter>,
  table: string,
): SqlPart {
  if ('not' in criteria) {
    const { bindings, sql } = criteriaSql(criteria.not, table);
    return { sql: `(not ${sql})`, bindings };
  }
  if ('anyOf' in criteria) {
    return anyOf(criteria.anyOf.map(part => criteriaSql(part, table)));
  }
  if ('allOf' in criteria) {
    return allOf(criteria.allOf.map(part => criteriaSql(part, table)));
  }
  // The catalog keeps both in lower case
  const lower = (text: string) => text.toLocaleLowerCase('en-US');
  const exists = `exists (select 1 from search s where s.entity_id = ${table}.entity_id and s.key = ?`;
  return criteria.values
    ? sqlPart(
        `${exists} and s.value = any(?::text[]))`,
        lower(criteria.key),
        criteria.values.map(lower),
      )
    : sqlPart(`${exists})`, lower(criteria.key));
}
