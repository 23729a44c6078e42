import type { Knex } from 'knex';

/** What errors of entries depend on. */
export interface CatalogState {
  /** As long as it is the same, nothing has changed, except for what is being written right now. */
  readonly token: string;
  /** Whether somebody is still to be told of an error. */
  readonly waiting: boolean;
}

/**
 * Whether a look at all errors can find anything new, for a thousandth of what the look costs.
 *
 * @param conflictFor - how long after it was last seen a claim of a name counts
 */
export async function readCatalogState(
  knex: Knex,
  conflictFor: string,
): Promise<CatalogState> {
  const { rows } = await knex.raw<{ rows: CatalogState[] }>(
    `select concat_ws(' ',
       -- Counts up with every change of an entity
       (select last_value || ' ' || is_called from waystone_changes_id_seq),
       (select md5(string_agg(entity_ref || md5(errors), ' ' order by entity_ref))
        from refresh_state where errors is not null and errors not in ('', '[]')),
       (select md5(string_agg(concat_ws(' ', entity_ref, claimed_by, held_by), ' ' order by entity_ref, claimed_by))
        from waystone_conflicts where last_seen_at > now() - ?::interval)
     ) as token,
     exists (select 1 from waystone_problem_notices where notified_at is null) as waiting`,
    [conflictFor],
  );
  return rows[0];
}
