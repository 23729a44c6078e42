// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('waystone_registrations', table => {
    table.comment(
      'Open pull requests whose files the catalog reads once merged',
    );
    table.text('forge').notNullable();
    table.text('owner').notNullable();
    table.text('repository').notNullable();
    table.integer('number').notNullable();
    table.text('branch').notNullable();
    table.text('path').notNullable();
    table.timestamp('created_at', { useTz: true }).notNullable();
    table.primary(['forge', 'owner', 'repository', 'number']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('waystone_registrations');
};
