// @ts-check

/** @param {string} condition */
const uniqueObject = condition => `
  CREATE UNIQUE INDEX requests_object ON requests (cluster, namespace, kind, name) WHERE status NOT IN (${condition})
`;

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('requests', table => {
    table
      .jsonb('draft')
      .comment('What was written so far, while it was never submitted');
  });
  // A draft takes no name from anybody.
  await knex.raw('DROP INDEX requests_object');
  await knex.raw(uniqueObject("'draft', 'deleted', 'rejected'"));
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('DROP INDEX requests_object');
  // Drafts would stand in the way of each other.
  await knex('requests')
    .where({ status: 'draft' })
    .update({ status: 'deleted' });
  await knex.raw(uniqueObject("'deleted', 'rejected'"));
  await knex.schema.alterTable('requests', table => {
    table.dropColumn('draft');
  });
};
