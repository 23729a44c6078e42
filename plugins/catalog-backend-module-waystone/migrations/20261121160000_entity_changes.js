// @ts-check

/**
 * Who wants to know of changes, the changes, and which of them have to be delivered to whom. The trigger that fills
 * them is not made here: the catalog's own tables may not exist yet.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('waystone_change_consumers', table => {
    table.comment('Who has to be told of changed entities');
    table.text('name').primary();
    table.integer('version').notNullable();
    table.timestamp('seen_at', { useTz: true }).notNullable();
  });
  await knex.schema.createTable('waystone_changes', table => {
    table.comment('Changes of entities that somebody has to be told of');
    table.bigIncrements('id');
    table.text('entity_id').notNullable();
    table.text('entity_ref').notNullable();
    table.text('action').notNullable();
    table
      .timestamp('changed_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.raw('clock_timestamp()'));
    table.text('before');
    table.text('after');
  });
  await knex.schema.createTable('waystone_change_deliveries', table => {
    table.comment('Changes that a consumer has not worked off');
    table.text('consumer').notNullable();
    table.bigInteger('change_id').notNullable();
    table.smallint('attempts').notNullable().defaultTo(0);
    table.timestamp('not_before', { useTz: true });
    table.primary(['consumer', 'change_id']);
    table.index(['change_id']);
  });
  // Rows live for a second: without this their remains would slow down the search for the next ones
  for (const table of ['waystone_changes', 'waystone_change_deliveries']) {
    await knex.raw(
      `alter table ${table} set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)`,
    );
  }
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw(
    'drop function if exists waystone_record_entity_changes() cascade',
  );
  await knex.schema.dropTable('waystone_change_deliveries');
  await knex.schema.dropTable('waystone_changes');
  await knex.schema.dropTable('waystone_change_consumers');
};
