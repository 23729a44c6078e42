import type { Entity } from '@backstage/catalog-model';
import type { Knex } from 'knex';
import type {
  EntityChange,
  EntityChangeConsumer,
} from '../changes/EntityChange';
import { diffEntities } from './diffEntities';

const LOCATION = 'backstage.io/managed-by-location';

/** Keeps every change of an entity that a person would call one. */
export class HistoryRecorder implements EntityChangeConsumer {
  readonly name = 'history';
  readonly version = 1;

  async onChanges(
    changes: readonly EntityChange[],
    context: { readonly transaction: Knex.Transaction },
  ): Promise<void> {
    const { transaction } = context;
    const known = await entitiesWithHistory(
      transaction,
      changes.flatMap(change =>
        change.action === 'existing' ? [change.entityId] : [],
      ),
    );
    const rows = changes
      .filter(
        ({ action, entityId }) => action !== 'existing' || !known.has(entityId),
      )
      .flatMap(toRow);
    if (rows.length > 0) {
      await transaction('waystone_history').insert(rows);
    }
  }
}

/** Which had a change before: they do not begin to be there. */
async function entitiesWithHistory(
  transaction: Knex.Transaction,
  entityIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (entityIds.length === 0) {
    return new Set();
  }
  const { rows } = await transaction.raw<{ rows: { id: string }[] }>(
    `select distinct h.entity_id as id from final_entities f
     join waystone_history h on h.entity_ref = f.entity_ref and h.entity_id = f.entity_id
     where f.entity_id = any(?::text[])`,
    [[...entityIds]],
  );
  return new Set(rows.map(({ id }) => id));
}

function toRow(change: EntityChange) {
  const { action, after, before, changedAt, entityId, entityRef } = change;
  const isChange = action !== 'existing';
  const difference = isChange
    ? diffEntities(before, after)
    : { changes: [], more: 0, fields: [], technical: false };
  if (action === 'changed' && difference.changes.length === 0) {
    return [];
  }
  const location = locationOf(after ?? before);
  return [
    {
      entity_id: entityId,
      entity_ref: entityRef,
      action,
      changed_at: changedAt,
      technical: difference.technical,
      // PostgreSQL's texts can't hold this character, JSON escapes it
      fields: difference.fields.map(field => field.replaceAll('\0', '')),
      changes: JSON.stringify(difference.changes),
      more: difference.more,
      location: location ?? null,
      commit_attempts:
        isChange && action !== 'deleted' && location?.startsWith('url:')
          ? 0
          : null,
    },
  ];
}

function locationOf(entity: Entity | undefined): string | undefined {
  const location = entity?.metadata.annotations?.[LOCATION];
  return typeof location === 'string'
    ? location.replaceAll('\0', '')
    : undefined;
}
