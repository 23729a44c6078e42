// @ts-check

/**
 * For entities of several owners, which are few: the index finds them by any of them.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.raw(`
    create index waystone_listing_several_owners_idx on waystone_listing (kind)
      where cardinality(owners) > 1
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.raw('drop index waystone_listing_several_owners_idx');
};
