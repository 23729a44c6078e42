// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('waystone_created_resources', table => {
    table.comment('What runs of golden paths have made');
    table.uuid('id').primary();
    table
      .bigIncrements('sequence', { primaryKey: false })
      .comment('The order in which they were made');
    table.text('task_id').notNullable();
    table.text('kind').notNullable();
    table
      .text('key')
      .notNullable()
      .comment('Tells the things of one kind in a run apart');
    table
      .jsonb('reference')
      .notNullable()
      .comment('What it takes to find it again; no secrets');
    table.text('title').notNullable();
    table.text('url');
    table.text('state').notNullable();
    table.timestamp('created_at', { useTz: true }).notNullable();
    table.timestamp('removed_at', { useTz: true });
    table.text('removed_by');
    table.unique(['task_id', 'kind', 'key']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('waystone_created_resources');
};
