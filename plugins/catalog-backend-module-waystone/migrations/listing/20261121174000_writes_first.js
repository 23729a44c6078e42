// @ts-check

/**
 * The catalog's writes come first: whatever becomes of its table or of ours, a write of an entity succeeds, and the
 * index is what lags behind. A reference between the tables would keep the catalog from changing its own.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.raw(`
    alter table waystone_listing drop constraint waystone_listing_entity_id_fkey;

    create or replace function waystone_listing_keep() returns trigger as $$
    begin
      begin
        if tg_op = 'DELETE' then
          delete from waystone_listing where entity_id = old.entity_id;
        elsif new.final_entity is null then
          delete from waystone_listing where entity_id = new.entity_id;
        else
          perform waystone_listing_put(new.entity_id, new.entity_ref, new.final_entity);
        end if;
      exception when others then
        raise warning 'waystone: the index of the catalog missed a change: %', sqlerrm;
      end;
      return null;
    end;
    $$ language plpgsql set search_path from current;

    drop trigger waystone_listing_keep on final_entities;
    create trigger waystone_listing_keep
      after insert or update or delete on final_entities
      for each row execute function waystone_listing_keep();
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.raw(`
    delete from waystone_listing l
    where not exists (select 1 from final_entities f where f.entity_id = l.entity_id);
    alter table waystone_listing add constraint waystone_listing_entity_id_fkey
      foreign key (entity_id) references final_entities (entity_id) on delete cascade;
    drop trigger waystone_listing_keep on final_entities;
    create trigger waystone_listing_keep
      after insert or update on final_entities
      for each row execute function waystone_listing_keep();
  `);
};
