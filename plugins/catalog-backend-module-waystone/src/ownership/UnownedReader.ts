import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { UNOWNED_MOST_EXPORTED } from '@waystone/plugin-catalog-overview-common';
import type {
  UnownedItem,
  UnownedQuery,
  UnownedReason,
  UnownedResponse,
} from '@waystone/plugin-catalog-overview-common';
import type { Knex } from 'knex';
import type { ListingTable } from '../listing/ListingTable';
import { allOf, sqlPart } from '../database/SqlPart';
import type { Visibility } from '../visibility/Visibility';
import type { VisibleEntities } from '../visibility/VisibleEntities';

/** The kinds that somebody has to look after. */
const KINDS = ['component', 'api', 'resource', 'system', 'domain', 'template'];

/** How many owners the filter offers. */
const MOST_OWNERS = 100;

interface UnownedReaderOptions {
  readonly table: ListingTable;
  readonly visible: VisibleEntities;
}

/** Entities that nobody looks after. */
export class UnownedReader {
  readonly #options: UnownedReaderOptions;

  static create(options: UnownedReaderOptions): UnownedReader {
    return new UnownedReader(options);
  }

  private constructor(options: UnownedReaderOptions) {
    this.#options = options;
  }

  /** A page. Entities that the caller may not see are left out and not counted. */
  async list(
    query: UnownedQuery,
    credentials: BackstageCredentials,
  ): Promise<UnownedResponse> {
    const { table, visible } = this.#options;
    const [knex, visibility] = await Promise.all([
      table.client(),
      visible.to(credentials),
    ]);
    const row = await read(knex, visibility, query);
    const end = query.cursor + row.items.length;
    return {
      items: row.items.map(withoutNulls),
      totalItems: row.total,
      pageInfo: end < row.total ? { nextCursor: String(end) } : {},
      summary: {
        total: row.reasons.reduce((total, { count }) => total + count, 0),
        reasons: row.reasons,
        kinds: row.kinds,
        owners: row.owners,
      },
    };
  }

  /** All that match. */
  async export(
    query: UnownedQuery,
    credentials: BackstageCredentials,
  ): Promise<readonly UnownedItem[]> {
    const { items } = await this.list(
      { ...query, cursor: 0, limit: UNOWNED_MOST_EXPORTED },
      credentials,
    );
    return items;
  }
}

interface UnownedRow {
  readonly items: {
    readonly [key in keyof UnownedItem]-?: UnownedItem[key] | null;
  }[];
  readonly total: number;
  readonly reasons: { reason: UnownedReason; count: number }[];
  readonly kinds: { kind: string; count: number }[];
  readonly owners: { entityRef: string; count: number }[];
}

/** One statement, so that the page and the counts are of the same moment. Owners are judged once each. */
async function read(
  knex: Knex,
  visibility: Visibility,
  query: UnownedQuery,
): Promise<UnownedRow> {
  const where = filters(query);
  const { rows } = await knex.raw<{ rows: UnownedRow[] }>(
    `with recursive staffed (ref) as (
       select r.source_entity_ref from relations r
       join final_entities f on f.entity_ref = r.target_entity_ref where r.type = 'hasMember'
       union
       select r.source_entity_ref from staffed
       join relations r on r.target_entity_ref = staffed.ref and r.type = 'parentOf'
     ),
     owned as not materialized (
       select l.entity_ref, l.title, l.sort_title, l.kind, l.type, l.lifecycle, l.tier, l.owner,
         case when cardinality(l.owners) > 1 then l.owners end as owners
       from waystone_listing l where l.kind = any(?::text[]) and ${
         visibility.on('l').sql
       }
     ),
     judged as materialized (
       select named.owner, case
         when f.entity_id is null and exists (
           select 1 from waystone_history h where h.entity_ref = named.owner and h.action = 'deleted'
         ) then 'left'
         when f.entity_id is null then 'unknown'
         when named.owner like 'group:%' and named.owner not in (select ref from staffed) then 'empty'
       end as reason
       from (
         select owner from owned where owner is not null
         union select unnest(owners) from owned where owners is not null
       ) named
       left join final_entities f on f.entity_ref = named.owner and f.final_entity is not null
     ),
     unowned as materialized (
       select owned.*, coalesce(judged.reason, 'missing') as reason
       from owned left join judged on judged.owner = owned.owner
       where owned.owner is null or judged.reason is not null
         -- One owner who is there is enough
         and (owned.owners is null or not exists (
           select 1 from judged other where other.owner = any(owned.owners) and other.reason is null
         ))
     ),
     matching as materialized (select * from unowned where ${where.sql})
     select
       (select coalesce(json_agg(page), '[]') from (
          select entity_ref as "entityRef", title, kind, type, lifecycle, tier, reason, owner
          from matching order by tier nulls last, kind, sort_title, entity_ref limit ? offset ?
        ) page) as items,
       (select count(*)::int from matching) as total,
       (select coalesce(json_agg(x), '[]') from (
          select reason, count(*)::int as count from unowned group by 1 order by 2 desc, 1
        ) x) as reasons,
       (select coalesce(json_agg(x), '[]') from (
          select kind, count(*)::int as count from unowned group by 1 order by 2 desc, 1
        ) x) as kinds,
       (select coalesce(json_agg(x), '[]') from (
          select owner as "entityRef", count(*)::int as count from unowned
          where owner is not null group by 1 order by 2 desc, 1 limit ?
        ) x) as owners`,
    [
      KINDS,
      ...visibility.on('l').bindings,
      ...where.bindings,
      query.limit,
      query.cursor,
      MOST_OWNERS,
    ] as Knex.RawBinding[],
  );
  return rows[0];
}

function filters(query: UnownedQuery) {
  const lower = (value: string) =>
    value.trim().replaceAll('\0', '').toLocaleLowerCase('en-US');
  return allOf([
    ...(query.reason ? [sqlPart('reason = ?', query.reason)] : []),
    ...(query.kind ? [sqlPart('kind = ?', lower(query.kind))] : []),
    ...(query.owner ? [sqlPart('owner = ?', lower(query.owner))] : []),
    ...(query.q
      ? [
          sqlPart(
            '(strpos(entity_ref, ?) > 0 or strpos(sort_title, ?) > 0)',
            lower(query.q),
            lower(query.q),
          ),
        ]
      : []),
  ]);
}

function withoutNulls(row: UnownedRow['items'][number]): UnownedItem {
  return Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== null),
  ) as UnownedItem;
}
