// @ts-check

/**
 * One narrow row an entity, for the index of the catalog: `search` has some thirty rows an entity, so that every
 * count and every value of a filter costs a join.
 *
 * The catalog's own statements keep it up to date by a trigger, in the same transaction. Whatever goes wrong in
 * it must not keep an entity from being stitched: then its row says no more than what it is called.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.raw(`
    create table waystone_listing (
      entity_id text primary key
        references final_entities (entity_id) on delete cascade,
      entity_ref text not null,
      kind text not null,
      namespace text not null,
      name text not null,
      title text not null,
      sort_title text collate "C" not null,
      words text not null,
      type text,
      lifecycle text,
      tier text,
      owner text,
      owners text[] not null,
      system text,
      tags text[] not null,
      docs boolean not null,
      runbook boolean not null
    );
    create index waystone_listing_ref_idx on waystone_listing (entity_ref);
    -- With the words, so that a search reads no rows but those it finds
    create index waystone_listing_page_idx
      on waystone_listing (kind, sort_title, entity_id) include (words);
    create index waystone_listing_title_idx
      on waystone_listing (sort_title, entity_id) include (words);
    create index waystone_listing_owner_idx on waystone_listing (owner, kind);
    create index waystone_listing_system_idx on waystone_listing (system, kind);
    create index waystone_listing_values_idx
      on waystone_listing (kind, type, lifecycle, tier, owner, system, docs, runbook);
    create index waystone_listing_tags_idx on waystone_listing using gin (tags);

    -- What could not be processed, which is little
    create index waystone_refresh_state_errors_idx on refresh_state (entity_ref)
      where errors is not null and errors not in ('', '[]');

    create sequence waystone_listing_version;
  `);
  await knex.schema.raw(`
    create function waystone_listing_changed() returns trigger as $$
    begin
      perform nextval('waystone_listing_version');
      return null;
    end;
    $$ language plpgsql set search_path from current;

    create trigger waystone_listing_changed
      after insert or update or delete or truncate on waystone_listing
      for each statement execute function waystone_listing_changed();

    create function waystone_listing_strings(list jsonb) returns text[] as $$
      select coalesce(array_agg(distinct lower(tag)), '{}')
      from (
        select left(tag, 100) as tag
        from jsonb_array_elements_text(
          case jsonb_typeof(list) when 'array' then list else '[]' end
        ) tag
        limit 100
      ) first
    $$ language sql immutable set search_path from current;

    create function waystone_listing_put(id text, ref text, stored text) returns void as $$
    declare
      entity jsonb;
      metadata jsonb;
      annotations jsonb;
      spec jsonb;
      shown text;
    begin
      -- PostgreSQL's jsonb has no NUL
      entity := replace(stored, '\\u0000', '')::jsonb;
      metadata := entity -> 'metadata';
      annotations := metadata -> 'annotations';
      spec := (entity -> 'spec') - 'definition';
      shown := left(coalesce(
        nullif(metadata ->> 'title', ''),
        nullif(spec -> 'profile' ->> 'displayName', ''),
        metadata ->> 'name'
      ), 200);
      insert into waystone_listing as listing values (
        id,
        ref,
        split_part(ref, ':', 1),
        split_part(split_part(ref, ':', 2), '/', 1),
        left(metadata ->> 'name', 200),
        shown,
        lower(shown),
        lower(concat_ws(' ', left(metadata ->> 'name', 200), nullif(shown, metadata ->> 'name'))),
        lower(left(spec ->> 'type', 100)),
        lower(left(spec ->> 'lifecycle', 100)),
        lower(left(annotations ->> 'waystone.dev/tier', 100)),
        (
          select relation ->> 'targetRef'
          from jsonb_array_elements(entity -> 'relations') relation
          where relation ->> 'type' = 'ownedBy' limit 1
        ),
        array(
          select relation ->> 'targetRef'
          from jsonb_array_elements(entity -> 'relations') relation
          where relation ->> 'type' = 'ownedBy'
        ),
        (
          select relation ->> 'targetRef'
          from jsonb_array_elements(entity -> 'relations') relation
          where relation ->> 'type' = 'partOf'
            and split_part(relation ->> 'targetRef', ':', 1) in ('system', 'domain')
          order by split_part(relation ->> 'targetRef', ':', 1) desc limit 1
        ),
        waystone_listing_strings(metadata -> 'tags'),
        annotations -> 'backstage.io/techdocs-ref' is not null
          or annotations -> 'backstage.io/techdocs-entity' is not null,
        annotations -> 'waystone.dev/runbook' is not null
      )
      on conflict (entity_id) do update set
        name = excluded.name,
        title = excluded.title,
        sort_title = excluded.sort_title,
        words = excluded.words,
        type = excluded.type,
        lifecycle = excluded.lifecycle,
        tier = excluded.tier,
        owner = excluded.owner,
        owners = excluded.owners,
        system = excluded.system,
        tags = excluded.tags,
        docs = excluded.docs,
        runbook = excluded.runbook
      where listing is distinct from excluded;
    exception when others then
      insert into waystone_listing values (
        id, ref, split_part(ref, ':', 1), split_part(split_part(ref, ':', 2), '/', 1),
        left(split_part(ref, '/', 2), 200), left(split_part(ref, '/', 2), 200),
        left(split_part(ref, '/', 2), 200), left(split_part(ref, '/', 2), 200),
        null, null, null, null, '{}', null, '{}', false, false
      )
      on conflict (entity_id) do nothing;
    end;
    $$ language plpgsql set search_path from current;

    create function waystone_listing_keep() returns trigger as $$
    begin
      if new.final_entity is null then
        delete from waystone_listing where entity_id = new.entity_id;
      else
        perform waystone_listing_put(new.entity_id, new.entity_ref, new.final_entity);
      end if;
      return null;
    end;
    $$ language plpgsql set search_path from current;

    create trigger waystone_listing_keep
      after insert or update on final_entities
      for each row execute function waystone_listing_keep();
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.raw(`
    drop trigger waystone_listing_keep on final_entities;
    drop function waystone_listing_keep();
    drop function waystone_listing_put(text, text, text);
    drop table waystone_listing;
    drop index waystone_refresh_state_errors_idx;
    drop function waystone_listing_strings(jsonb);
    drop function waystone_listing_changed();
    drop sequence waystone_listing_version;
  `);
};
