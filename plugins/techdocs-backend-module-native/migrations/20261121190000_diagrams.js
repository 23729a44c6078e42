// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('docs_diagrams', table => {
    table.comment('Diagrams as the diagram server drew them');
    table.string('key', 64).primary();
    table.text('svg').notNullable();
    table.timestamp('used_at', { useTz: true }).notNullable().index();
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('docs_diagrams');
};
