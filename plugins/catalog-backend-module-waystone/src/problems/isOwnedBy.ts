import type { Knex } from 'knex';

/** What brings entities is the business of the owners of what it brings. */
const LOCATION = 'location:';

/** At most so many entities of a location decide whose it is. */
const MOST_BROUGHT = 100;

/**
 * Whether an entity is owned by one of some groups and people, or is a location that brings such a one.
 *
 * @param entityRef - full and in lower case
 */
export async function isOwnedBy(
  knex: Knex,
  entityRef: string,
  owners: readonly string[],
): Promise<boolean> {
  const refs = await broughtBy(knex, entityRef);
  const owned = await knex('relations')
    .where({ type: 'ownedBy' })
    .whereRaw('source_entity_ref = any(?)', [[entityRef, ...refs]])
    .whereRaw('target_entity_ref = any(?)', [[...owners]])
    .first('target_entity_ref');
  return owned !== undefined;
}

/** What a location brings, components first; nothing for other entities. */
export async function broughtBy(
  knex: Knex,
  entityRef: string,
): Promise<readonly string[]> {
  if (!entityRef.startsWith(LOCATION)) {
    return [];
  }
  const rows: { ref: string }[] = await knex('refresh_state_references')
    .where({ source_entity_ref: entityRef })
    // What people know it by comes first
    .orderByRaw(`target_entity_ref not like 'component:%', target_entity_ref`)
    .limit(MOST_BROUGHT)
    .select({ ref: 'target_entity_ref' });
  return rows.map(({ ref }) => ref);
}
