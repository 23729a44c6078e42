// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('governance_first_seen', table => {
    table.comment('When something was found first');
    table.string('type').notNullable();
    table.string('subject', 800).notNullable().comment('A workload');
    table.string('finding', 800).notNullable();
    table.timestamp('first_seen', { useTz: true }).notNullable();
    table.date('last_seen').notNullable();
    table.primary(['type', 'subject', 'finding']);
    table.index(['last_seen']);
  });
  await knex.schema.createTable('governance_trend', table => {
    table.comment('How many findings there were, by day');
    table.date('day').notNullable();
    table
      .string('subject', 600)
      .notNullable()
      .comment('Ref of an entity; empty for what belongs to none');
    table.string('type').notNullable();
    table.string('owner', 600).notNullable();
    table.integer('critical').notNullable();
    table.integer('high').notNullable();
    table.integer('medium').notNullable();
    table.integer('low').notNullable();
    table.integer('unknown').notNullable();
    table.integer('overdue').notNullable();
    table.primary(['day', 'type', 'subject', 'owner']);
    table.index(['type', 'subject']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('governance_trend');
  await knex.schema.dropTable('governance_first_seen');
};
