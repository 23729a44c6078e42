// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('waystone_conflicts', table => {
    table.comment('Files that claim the name of an entity of another file');
    table.text('entity_ref').notNullable();
    table.text('claimed_by').notNullable();
    table.text('held_by').notNullable();
    table.timestamp('last_seen_at', { useTz: true }).notNullable();
    table.primary(['entity_ref', 'claimed_by']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('waystone_conflicts');
};
