// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('docs_builds', table => {
    table.string('changed_by');
    table.text('repository_url');
    table.jsonb('page_info');
  });
  await knex.schema.alterTable('docs_feedback', table => {
    table.timestamp('handled_at', { useTz: true });
    table.string('handled_by');
  });
  await knex.schema.createTable('docs_reads', table => {
    table.comment(
      'How often pages were opened on a day; who opened them is not kept',
    );
    table.string('entity_ref').notNullable();
    table.string('page', 500).notNullable();
    table.date('day').notNullable();
    table.integer('reads').notNullable();
    table.primary(['entity_ref', 'page', 'day']);
    table.index(['day', 'entity_ref']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('docs_reads');
  await knex.schema.alterTable('docs_feedback', table => {
    table.dropColumn('handled_at');
    table.dropColumn('handled_by');
  });
  await knex.schema.alterTable('docs_builds', table => {
    table.dropColumn('changed_by');
    table.dropColumn('repository_url');
    table.dropColumn('page_info');
  });
};
