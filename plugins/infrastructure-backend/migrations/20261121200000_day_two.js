// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('requests', table => {
    table.string('entity_name', 63).comment('What the catalog calls it');
    table.string('backup_engine').comment('What makes its backups');
    table
      .boolean('final_backup')
      .notNullable()
      .defaultTo(false)
      .comment('Whether a last backup is made before it is deleted');
    table
      .string('adopted_uid')
      .comment('Of the object that was there before it was managed here');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('requests', table => {
    table.dropColumns(
      'entity_name',
      'backup_engine',
      'final_backup',
      'adopted_uid',
    );
  });
};
