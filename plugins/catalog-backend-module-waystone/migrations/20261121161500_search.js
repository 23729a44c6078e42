// @ts-check

/**
 * What search finds. Rows of an entity go with it, in the transaction that removes it.
 *
 * The names are kept without separators and accents, in byte order, so that prefixes are a range of an index. An
 * index of their trigrams is made at run time: the extension for it may be missing.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('waystone_search_documents', table => {
    table.comment(
      'What search finds: entities, operations of APIs, sections of docs',
    );
    table.bigIncrements('id');
    table.text('key').notNullable().unique();
    table.text('type').notNullable();
    table.text('kind').notNullable();
    table
      .text('section')
      .notNullable()
      .comment('The group that results are shown in');
    table.text('entity_id').comment('Whose readers may see it');
    table.text('entity_ref');
    table.text('owner');
    table.text('spec_type');
    table.text('lifecycle');
    table.text('title').notNullable();
    table.text('detail');
    table.text('body').comment('Of which an excerpt is shown');
    table.text('location').notNullable();
    table.smallint('weight').notNullable();
    table.smallint('popularity').notNullable().defaultTo(0);
    table.specificType('name_key', 'text collate "C" not null');
    table.specificType('title_key', 'text collate "C" not null');
    table.specificType('name_words', 'tsvector not null');
    table.specificType('all_words', 'tsvector not null');
    table.text('run').comment('The run of a collator that brought it last');
    table.index(['entity_id']);
    table.index(['name_key']);
    table.index(['title_key']);
    table.index(['name_words'], undefined, 'gin');
    table.index(['all_words'], undefined, 'gin');
    table
      .foreign('entity_id')
      .references('entity_id')
      .inTable('refresh_state')
      .onDelete('CASCADE');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('waystone_search_documents');
};
