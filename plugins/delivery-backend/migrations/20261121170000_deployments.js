// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('delivery_deployments', table => {
    table.comment('Every version that got somewhere, or was meant to');
    table.bigIncrements('id');
    table.string('source').notNullable();
    table
      .string('deployment', 600)
      .notNullable()
      .comment('Its id at the source');
    table.string('name', 300).notNullable();
    table.string('entity_ref', 600);
    table.string('environment');
    table.timestamp('started_at', { useTz: true }).notNullable();
    table.timestamp('finished_at', { useTz: true });
    table.string('outcome').notNullable();
    table.string('revision');
    table.string('version');
    table.jsonb('images').notNullable();
    table.text('message');
    table.string('initiator');
    table.boolean('automated');
    table.timestamp('recorded_at', { useTz: true }).notNullable();
    table.unique(['source', 'deployment', 'started_at']);
    table.index(['entity_ref', 'started_at', 'id']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('delivery_deployments');
};
