// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('waystone_problem_notices', table => {
    table.comment('Errors of entities, and whether their owners were told');
    table.text('entity_ref').notNullable();
    table.text('problem_id').notNullable();
    table.text('detail').notNullable();
    table.specificType('owners', 'text[]').notNullable();
    table.timestamp('first_seen_at', { useTz: true }).notNullable();
    table.timestamp('notified_at', { useTz: true });
    table
      .boolean('announced')
      .notNullable()
      .defaultTo(false)
      .comment('Whether it had a notification of its own');
    table.primary(['entity_ref', 'problem_id', 'detail']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('waystone_problem_notices');
};
