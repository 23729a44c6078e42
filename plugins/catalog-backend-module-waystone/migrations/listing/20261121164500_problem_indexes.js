// @ts-check

/**
 * For the list of all problems: without the number of entities of each kind, PostgreSQL looks each of 100,000 up by
 * itself to see what it lacks.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.raw(`
    create index waystone_final_entities_kind_idx
      on final_entities (split_part(entity_ref, ':', 1), entity_id, entity_ref);
    -- Otherwise it is taken for narrow, and read from end to end for a single entity. Not while it is empty: plans made
    -- for an empty table read the growing one from end to end, for each row of search that refers to it
    do $$ begin
      if exists (select 1 from final_entities) then
        analyze final_entities;
      end if;
    end $$;
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.raw('drop index waystone_final_entities_kind_idx');
};
