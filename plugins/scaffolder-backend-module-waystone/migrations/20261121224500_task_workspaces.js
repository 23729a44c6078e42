// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('waystone_task_workspaces', table => {
    table.comment('What runs that have not finished have written so far');
    table.text('task_id').primary();
    table
      .binary('content')
      .comment('A compressed tar archive; null if it was too large to be kept');
    table.timestamp('updated_at', { useTz: true }).notNullable();
    table.index(['updated_at']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('waystone_task_workspaces');
};
