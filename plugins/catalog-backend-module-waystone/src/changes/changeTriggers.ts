import type { Knex } from 'knex';

const FUNCTION = 'waystone_record_entity_changes';

const TRIGGERS = [
  {
    name: 'waystone_entity_inserted',
    event: 'insert',
    rows: 'new table as new_rows',
  },
  {
    name: 'waystone_entity_updated',
    event: 'update',
    rows: 'old table as old_rows new table as new_rows',
  },
  {
    name: 'waystone_entity_deleted',
    event: 'delete',
    rows: 'old table as old_rows',
  },
] as const;

/**
 * Notes the changed rows of a statement, and for whom.
 *
 * A failure is a warning in the database's log and never one of the catalog: its tables are not ours, and the next
 * version may change them. For the same reason no trigger names a column, which would keep it from being dropped.
 */
const CREATE_FUNCTION = `
create or replace function ${FUNCTION}() returns trigger language plpgsql as $$
begin
  begin
    if not exists (select 1 from waystone_change_consumers) then
      return null;
    end if;
    if tg_op = 'INSERT' then
      with change as (
        insert into waystone_changes (entity_id, entity_ref, action, after)
        select n.entity_id, n.entity_ref, 'created', n.final_entity
        from new_rows n where n.final_entity is not null
        returning id
      )
      insert into waystone_change_deliveries (consumer, change_id)
      select c.name, change.id from change cross join waystone_change_consumers c;
    elsif tg_op = 'UPDATE' then
      with change as (
        insert into waystone_changes (entity_id, entity_ref, action, before, after)
        select n.entity_id, n.entity_ref,
          case when o.final_entity is null then 'created'
               when n.final_entity is null then 'deleted' else 'changed' end,
          o.final_entity, n.final_entity
        from new_rows n join old_rows o on o.entity_id = n.entity_id
        where o.hash is distinct from n.hash
          and (o.final_entity is not null or n.final_entity is not null)
        returning id
      )
      insert into waystone_change_deliveries (consumer, change_id)
      select c.name, change.id from change cross join waystone_change_consumers c;
    else
      with change as (
        insert into waystone_changes (entity_id, entity_ref, action, before)
        select o.entity_id, o.entity_ref, 'deleted', o.final_entity
        from old_rows o where o.final_entity is not null
        returning id
      )
      insert into waystone_change_deliveries (consumer, change_id)
      select c.name, change.id from change cross join waystone_change_consumers c;
    end if;
  exception when others then
    raise warning 'waystone: a change of an entity was not recorded: %', sqlerrm;
  end;
  return null;
end $$`;

/** What the function reads. */
const COLUMNS = ['entity_id', 'entity_ref', 'final_entity', 'hash'];

/**
 * Lets the database note every change of the table of entities.
 *
 * @returns Whether a trigger was missing, so that changes may have been missed.
 * @throws Error - the catalog's table is not what the trigger reads
 */
export async function installChangeTriggers(
  transaction: Knex.Transaction,
): Promise<boolean> {
  const { rows: columns } = await transaction.raw<{ rows: { name: string }[] }>(
    `select attname::text as name from pg_attribute
     where attrelid = to_regclass('final_entities') and attnum > 0 and not attisdropped`,
  );
  const missing = COLUMNS.filter(
    column => !columns.some(({ name }) => name === column),
  );
  if (missing.length > 0) {
    throw new Error(
      `The catalog's table 'final_entities' has no ${missing
        .map(column => `'${column}'`)
        .join(', ')}`,
    );
  }
  const { rows: present } = await transaction.raw<{ rows: { name: string }[] }>(
    `select tgname::text as name from pg_trigger
     where tgrelid = 'final_entities'::regclass and tgenabled <> 'D'
       and tgfoid = to_regproc(?)`,
    [FUNCTION],
  );
  await transaction.raw(CREATE_FUNCTION);
  const absent = TRIGGERS.filter(
    trigger => !present.some(({ name }) => name === trigger.name),
  );
  for (const { name, event, rows } of absent) {
    await transaction.raw(`drop trigger if exists ${name} on final_entities`);
    await transaction.raw(
      `create trigger ${name} after ${event} on final_entities
       referencing ${rows} for each statement execute function ${FUNCTION}()`,
    );
  }
  return absent.length > 0;
}
