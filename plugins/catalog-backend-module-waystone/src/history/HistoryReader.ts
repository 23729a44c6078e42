import type {
  BackstageCredentials,
  DatabaseService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  catalogHistoryDeletedReadPermission,
  historyFieldChangeSchema,
  sourceCommitSchema,
} from '@waystone/plugin-catalog-overview-common';
import type {
  DeletedEntitiesQuery,
  DeletedEntitiesResponse,
  HistoryItem,
  HistoryQuery,
  HistoryResponse,
} from '@waystone/plugin-catalog-overview-common';
import type { Knex } from 'knex';
import { z } from 'zod';
import { safeAddress } from '../overview/entityLinks';

/** How many fields the filter offers. */
const MOST_FIELDS = 100;

interface HistoryReaderOptions {
  readonly catalog: CatalogService;
  readonly database: DatabaseService;
  readonly permissions: PermissionsService;
}

interface HistoryRow {
  readonly id: number;
  readonly action: HistoryItem['action'];
  readonly changedAt: string;
  readonly technical: boolean;
  readonly changes: string;
  readonly more: number;
  readonly location: string | null;
  readonly commit: string | null;
}

/** What became of entities. */
export class HistoryReader {
  readonly #options: HistoryReaderOptions;

  static create(options: HistoryReaderOptions): HistoryReader {
    return new HistoryReader(options);
  }

  private constructor(options: HistoryReaderOptions) {
    this.#options = options;
  }

  /**
   * The history of an entity for those who may see the entity.
   *
   * @remarks
   *
   * Of an entity that is gone, and of one that had the same name before, only with a permission: who might have seen
   * it is not known any more.
   *
   * @param entityRef - full and in lower case
   * @returns Undefined if there is none for the caller.
   */
  async read(
    entityRef: string,
    query: HistoryQuery,
    credentials: BackstageCredentials,
  ): Promise<HistoryResponse | undefined> {
    const { catalog, database } = this.#options;
    const knex = await database.getClient();
    const [entity, maySeeDeleted] = await Promise.all([
      catalog.getEntityByRef(entityRef, { credentials }),
      this.#maySeeDeleted(credentials),
    ]);
    if (!entity && (!maySeeDeleted || (await isPresent(knex, entityRef)))) {
      return undefined;
    }
    const own =
      entity && !maySeeDeleted ? entity.metadata.uid ?? '' : undefined;
    const visible = {
      sql: `entity_ref = ? ${own === undefined ? '' : 'and entity_id = ?'}`,
      bindings: own === undefined ? [entityRef] : [entityRef, own],
    };
    const matching = {
      sql: [
        'true',
        ...(query.change === undefined ? [] : ['id = ?']),
        ...(query.field === undefined ? [] : ['? = any(fields)']),
        ...(query.technical || query.change !== undefined
          ? []
          : ['not technical']),
      ].join(' and '),
      bindings: [query.change, query.field].filter(v => v !== undefined),
    };
    const { rows } = await knex.raw<{
      rows: {
        items: HistoryRow[];
        total: number;
        all: number;
        technical: number;
        fields: { field: string; count: number }[];
      }[];
    }>(
      `with visible as (select * from waystone_history where ${visible.sql}),
       matching as (select * from visible where ${matching.sql})
       select
         (select coalesce(json_agg(page), '[]') from (
            select id, action, changed_at as "changedAt", technical, changes, more, location, commit
            from matching where ${
              query.cursor === undefined ? 'true' : 'id < ?'
            }
            order by id desc limit ?
          ) page) as items,
         (select count(*)::int from matching) as total,
         (select count(*)::int from visible) as all,
         (select count(*)::int from visible where technical) as technical,
         (select coalesce(json_agg(f), '[]') from (
            select field, count(*)::int as count from visible, unnest(fields) field
            group by 1 order by 2 desc, 1 limit ?
          ) f) as fields`,
      [
        ...visible.bindings,
        ...matching.bindings,
        ...(query.cursor === undefined ? [] : [query.cursor]),
        query.limit + 1,
        MOST_FIELDS,
      ] as Knex.RawBinding[],
    );
    const [row] = rows;
    if (!entity && row.all === 0) {
      return undefined;
    }
    const items = row.items.slice(0, query.limit);
    return {
      entityRef,
      exists: Boolean(entity),
      items: items.map(toItem),
      totalItems: row.total,
      pageInfo:
        row.items.length > query.limit
          ? { nextCursor: String(items[items.length - 1].id) }
          : {},
      fields: row.fields,
      technical: row.technical,
    };
  }

  /** Entities that are gone, the last ones first; none without the permission. */
  async deleted(
    query: DeletedEntitiesQuery,
    credentials: BackstageCredentials,
  ): Promise<DeletedEntitiesResponse> {
    if (!(await this.#maySeeDeleted(credentials))) {
      return { items: [], pageInfo: {} };
    }
    const knex = await this.#options.database.getClient();
    const rows: { id: string; entityRef: string; deletedAt: Date }[] =
      await knex('waystone_history as h')
        .select({
          id: 'h.id',
          entityRef: 'h.entity_ref',
          deletedAt: 'h.changed_at',
        })
        .where('h.action', 'deleted')
        .whereRaw(
          `not exists (select 1 from waystone_history later
             where later.entity_ref = h.entity_ref and later.id > h.id)
           and not exists (select 1 from final_entities f
             where f.entity_ref = h.entity_ref and f.final_entity is not null)`,
        )
        .modify(builder => {
          if (query.q) {
            builder.whereRaw('strpos(h.entity_ref, ?) > 0', [
              query.q.trim().toLocaleLowerCase('en-US'),
            ]);
          }
          if (query.cursor !== undefined) {
            builder.where('h.id', '<', query.cursor);
          }
        })
        .orderBy('h.id', 'desc')
        .limit(query.limit + 1);
    const items = rows.slice(0, query.limit).map(row => ({
      id: Number(row.id),
      entityRef: row.entityRef,
      deletedAt: row.deletedAt.toISOString(),
    }));
    return {
      items,
      pageInfo:
        rows.length > query.limit
          ? { nextCursor: String(items[items.length - 1].id) }
          : {},
    };
  }

  async #maySeeDeleted(credentials: BackstageCredentials): Promise<boolean> {
    const [{ result }] = await this.#options.permissions.authorize(
      [{ permission: catalogHistoryDeletedReadPermission }],
      { credentials },
    );
    return result === AuthorizeResult.ALLOW;
  }
}

async function isPresent(knex: Knex, entityRef: string): Promise<boolean> {
  const row = await knex('final_entities')
    .where({ entity_ref: entityRef })
    .whereNotNull('final_entity')
    .first(knex.raw('1'));
  return row !== undefined;
}

function toItem(row: HistoryRow): HistoryItem {
  const commit = row.commit
    ? sourceCommitSchema.parse(JSON.parse(row.commit))
    : undefined;
  const sourceUrl = row.location?.startsWith('url:')
    ? safeAddress(row.location.slice('url:'.length))
    : undefined;
  return {
    id: row.id,
    at: new Date(row.changedAt).toISOString(),
    action: row.action,
    technical: row.technical,
    changes: z.array(historyFieldChangeSchema).parse(JSON.parse(row.changes)),
    more: row.more,
    ...(sourceUrl && { sourceUrl }),
    ...(commit && {
      commit: { ...commit, url: safeAddress(commit.url) ?? '' },
    }),
  };
}
