// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('waystone_history', table => {
    table.comment('Every change of an entity');
    table.bigIncrements('id');
    table.text('entity_id').notNullable();
    table.text('entity_ref').notNullable();
    table.text('action').notNullable();
    table.timestamp('changed_at', { useTz: true }).notNullable();
    table
      .boolean('technical')
      .notNullable()
      .comment('Nothing but what the catalog notes for itself');
    table.specificType('fields', 'text[]').notNullable();
    table.text('changes').notNullable().comment('Of the fields, as JSON');
    table.integer('more').notNullable().comment('Fields that are not kept');
    table.text('location').comment('Where the entity came from');
    table.text('commit').comment('Of its file, as JSON');
    table
      .smallint('commit_attempts')
      .comment('How often the commit was looked for; null if it is settled');
    table.index(['entity_ref', 'id']);
    table.index(['changed_at']);
  });
  await knex.raw(
    'create index waystone_history_wanted on waystone_history (id) where commit_attempts is not null',
  );
  await knex.raw(
    `create index waystone_history_deleted on waystone_history (id) where action = 'deleted'`,
  );
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('waystone_history');
};
