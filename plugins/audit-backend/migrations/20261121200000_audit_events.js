// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.raw(`
    create table audit_events (
      id bigint generated always as identity primary key,
      stream text not null check (stream in ('changes', 'reads')),
      sequence bigint not null,
      key uuid not null unique,
      action uuid not null,
      occurred_at timestamptz(3) not null,
      stored_at timestamptz(3) not null,
      plugin text not null,
      event_id text not null,
      severity text not null,
      outcome text not null,
      actor text,
      actor_type text not null,
      ip text,
      user_agent text,
      method text,
      url text,
      request_id text,
      entity_refs text[] not null,
      meta jsonb,
      error jsonb,
      words tsvector not null,
      previous_hash text not null,
      hash text not null,
      unique (stream, sequence)
    )`);
  await knex.raw(`
    comment on table audit_events is
      'Who did what through the portal. Rows are only added; the hash of each covers the one before it in its stream'`);
  for (const columns of [
    'occurred_at desc, id desc',
    'stream, occurred_at desc, id desc',
    'actor, occurred_at desc, id desc',
    'plugin, event_id, occurred_at desc, id desc',
    'severity, occurred_at desc, id desc',
    'outcome, occurred_at desc, id desc',
    'action',
  ]) {
    await knex.raw(`create index on audit_events (${columns})`);
  }
  await knex.raw('create index on audit_events using gin (words)');

  await knex.raw(`
    create table audit_event_entities (
      entity_ref text not null,
      event_id bigint not null references audit_events (id) on delete cascade,
      occurred_at timestamptz(3) not null,
      primary key (entity_ref, event_id)
    )`);
  await knex.raw(
    'create index on audit_event_entities (entity_ref, occurred_at desc, event_id desc)',
  );
  // Deleting an event looks here for what names it.
  await knex.raw('create index on audit_event_entities (event_id)');

  await knex.raw(`
    create table audit_anchors (
      stream text not null,
      sequence bigint not null,
      hash text not null,
      removed bigint not null,
      removed_at timestamptz(3) not null,
      primary key (stream, sequence)
    )`);
  await knex.raw(`
    comment on table audit_anchors is
      'Up to which event each stream was removed when its time was over: the chain goes on from its hash'`);

  await knex.raw(`
    create table audit_checks (
      stream text primary key,
      checked_at timestamptz(3) not null,
      events bigint not null,
      intact boolean not null,
      problem text,
      head_sequence bigint not null,
      head_hash text not null
    )`);

  // Even the portal's own account changes nothing by mistake: only the job of the retention, which says so in its
  // transaction, removes events, and only such as are older than a day.
  await knex.raw(`
    create function audit_refuse_change() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and tg_table_name <> 'audit_anchors'
        and current_setting('waystone.audit_retention', true) = 'on'
        and old.occurred_at < now() - interval '1 day' then
        return old;
      end if;
      raise exception 'Audit events are only added, never changed or removed'
        using errcode = 'insufficient_privilege';
    end $$`);
  for (const table of [
    'audit_events',
    'audit_event_entities',
    'audit_anchors',
  ]) {
    await knex.raw(`
      create trigger ${table}_append_only before update or delete on ${table}
        for each row execute function audit_refuse_change()`);
    await knex.raw(`
      create trigger ${table}_no_truncate before truncate on ${table}
        for each statement execute function audit_refuse_change()`);
  }
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'audit_event_entities',
    'audit_events',
    'audit_anchors',
    'audit_checks',
  ]) {
    await knex.schema.dropTable(table);
  }
  await knex.raw('drop function audit_refuse_change()');
};
