// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('docs_builds', table => {
    table.comment('The last build of the docs of each entity');
    table.string('entity_ref').primary();
    table.string('state').notNullable();
    table.timestamp('built_at', { useTz: true });
    table.timestamp('changed_at', { useTz: true });
    table.timestamp('attempted_at', { useTz: true }).notNullable();
    table.string('etag');
    table.text('error');
    table.integer('pages');
    table.integer('milliseconds');
    table.jsonb('problems').notNullable();
    table.timestamp('confirmed_at', { useTz: true });
    table.string('confirmed_by');
  });
  await knex.schema.createTable('docs_feedback', table => {
    table.comment('What readers said of pages');
    table.uuid('id').primary();
    table.string('entity_ref').notNullable();
    table.string('page', 500).notNullable();
    table.boolean('helpful').notNullable();
    table.text('comment');
    table.string('user_ref').notNullable();
    table.timestamp('created_at', { useTz: true }).notNullable();
    table.unique(['entity_ref', 'page', 'user_ref']);
    table.index(['entity_ref', 'created_at']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('docs_feedback');
  await knex.schema.dropTable('docs_builds');
};
