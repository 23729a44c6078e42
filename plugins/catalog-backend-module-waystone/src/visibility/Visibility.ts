import type { Knex } from 'knex';
import type { SqlPart } from '../database/SqlPart';

/** Which entities somebody may see. */
export interface Visibility {
  readonly extent: 'all' | 'some' | 'none';
  /** The same for people who may see the same. */
  readonly key: string;
  /** The condition on rows with an `entity_id`, of a table or an alias. */
  on(table: string): SqlPart;
}

/**
 * Those of some entities that are there and may be seen.
 *
 * @param entityRefs - full and in lower case
 */
export async function readVisibleRefs(
  knex: Knex,
  visibility: Visibility,
  entityRefs: readonly string[],
): Promise<ReadonlySet<string>> {
  if (visibility.extent === 'none' || entityRefs.length === 0) {
    return new Set();
  }
  const visible = visibility.on('f');
  const { rows } = await knex.raw<{ rows: { ref: string }[] }>(
    `select f.entity_ref as ref from final_entities f
     where f.entity_ref = any(?::text[]) and f.final_entity is not null and ${visible.sql}`,
    [[...entityRefs], ...visible.bindings],
  );
  return new Set(rows.map(({ ref }) => ref));
}
