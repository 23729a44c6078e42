import type {
  BackstageCredentials,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import {
  LISTING_MINE,
  LISTING_MOST_EXPORTED,
} from '@waystone/plugin-catalog-overview-common';
import type {
  ListingField,
  ListingFilter,
  ListingItem,
  ListingProblemsQuery,
  ListingProblemsResponse,
  ListingQuery,
  ListingResponse,
  ListingValuesQuery,
  ListingValuesResponse,
} from '@waystone/plugin-catalog-overview-common';
import type { Knex } from 'knex';
import { runUncompiled } from '../database/runUncompiled';
import type { ProblemsReader, ProblemsScope } from '../problems/ProblemsReader';
import type { ListingTable } from './ListingTable';
import { readItems, readTitles } from './listingRows';
import type { ListingRow } from './listingRows';
import { readValues } from './listingValues';
import type { ListingValue } from './listingValues';
import { filterSql, orderSql, withoutNul } from './listingSql';
import { SettledCache } from './SettledCache';
import { allOf, sqlPart } from '../database/SqlPart';
import type { SqlPart } from '../database/SqlPart';
import type { Visibility } from '../visibility/Visibility';
import type { VisibleEntities } from '../visibility/VisibleEntities';

/** How many counted values are kept in memory; some 30 MB. */
const MOST_KEPT = 200_000;

interface ListingReaderOptions {
  readonly problems: ProblemsReader;
  readonly table: ListingTable;
  readonly userInfo: UserInfoService;
  readonly visible: VisibleEntities;
}

/** What all answers to one caller begin with. */
interface Asked {
  readonly knex: Knex;
  /** Of the table, before anything is read. */
  readonly version: string;
  readonly filter: ListingFilter;
  readonly visibility: Visibility;
  readonly problems?: SqlPart;
}

/** The index of the catalog: pages of entities, their number, and the values that pickers offer. */
export class ListingReader {
  readonly #options: ListingReaderOptions;
  readonly #cache = new SettledCache({ mostWeight: MOST_KEPT });

  constructor(options: ListingReaderOptions) {
    this.#options = options;
  }

  /** A page. Entities that the caller may not see are left out and not counted. */
  async list(
    query: ListingQuery,
    credentials: BackstageCredentials,
  ): Promise<ListingResponse> {
    const asked = await this.#ask(query, credentials);
    const [rows, totalItems, kinds] = await Promise.all([
      this.#rows(asked, query),
      this.#count(asked),
      this.#kinds(asked),
    ]);
    const titles = await readTitles(asked.knex, rows, asked.visibility);
    return { items: readItems(rows, titles), totalItems, kinds };
  }

  /** How many problems entities have, without those of which the caller may not know it. */
  async problems(
    { entityRef }: ListingProblemsQuery,
    credentials: BackstageCredentials,
  ): Promise<ListingProblemsResponse> {
    const { problems, table, visible } = this.#options;
    const knex = await table.client();
    const [visibility, scope] = await Promise.all([
      visible.to(credentials),
      problems.scopeOf(credentials),
    ]);
    const where = allOf([
      sqlPart('l.entity_ref = any(?::text[])', entityRef.map(withoutNul)),
      visibility.on('l'),
      ...(scope.everybody
        ? []
        : [sqlPart('l.owners && ?::text[]', [...scope.owners])]),
    ]);
    const { rows } = await knex.raw<{ rows: { ref: string }[] }>(
      `select l.entity_ref as ref from waystone_listing l where ${where.sql}`,
      [...where.bindings],
    );
    const counts = new Map(rows.map(({ ref }) => [ref, 0]));
    if (counts.size > 0) {
      const found = await problems.ofEntities([...counts.keys()]);
      for (const problem of found) {
        counts.set(problem.entityRef, counts.get(problem.entityRef)! + 1);
      }
    }
    return {
      items: [...counts].map(([ref, count]) => ({ entityRef: ref, count })),
    };
  }

  /** All that match, in the order that was asked for. */
  async export(
    query: ListingQuery,
    credentials: BackstageCredentials,
  ): Promise<readonly ListingItem[]> {
    const asked = await this.#ask(query, credentials);
    const rows = await this.#rows(asked, {
      ...query,
      limit: LISTING_MOST_EXPORTED,
      offset: 0,
    });
    return readItems(
      rows,
      await readTitles(asked.knex, rows, asked.visibility),
    );
  }

  /** The values of a field among the entities that match the other filters. */
  async values(
    field: ListingField,
    query: ListingValuesQuery,
    credentials: BackstageCredentials,
  ): Promise<ListingValuesResponse> {
    const { search, valuesLimit, ...filter } = query;
    const asked = await this.#ask(filter, credentials);
    const where = whereSql(asked, field);
    const all = await this.#kept<readonly ListingValue[]>(asked, {
      key: `values ${field} ${keyOf(where)}`,
      weightOf: values => values.length,
      compute: () => readValues(asked.knex, field, where, asked.visibility),
    });
    const text = search?.trim().toLocaleLowerCase('en-US');
    const found = text
      ? all.filter(({ value, words }) => `${value} ${words}`.includes(text))
      : all;
    return {
      items: found
        .slice(0, valuesLimit)
        .map(({ count, title, value }) => ({ value, title, count })),
      totalItems: found.length,
    };
  }

  async #ask(
    filter: ListingFilter,
    credentials: BackstageCredentials,
  ): Promise<Asked> {
    const { problems, table, userInfo, visible } = this.#options;
    const knex = await table.client();
    const [version, visibility] = await Promise.all([
      readVersion(knex),
      visible.to(credentials),
    ]);
    let { owner } = filter;
    if (owner.includes(LISTING_MINE)) {
      const { ownershipEntityRefs } = await userInfo.getUserInfo(credentials);
      owner = [
        ...owner.filter(value => value !== LISTING_MINE),
        ...ownershipEntityRefs.map(ref => ref.toLocaleLowerCase('en-US')),
      ];
    }
    return {
      knex,
      version,
      filter: { ...filter, owner },
      visibility,
      problems:
        filter.problems &&
        sqlPart(
          'l.entity_ref = any(?::text[])',
          await readRefsWithProblems(
            knex,
            problems,
            await problems.scopeOf(credentials),
          ),
        ),
    };
  }

  async #rows(
    asked: Asked,
    query: Pick<ListingQuery, 'sort' | 'order' | 'limit' | 'offset'>,
  ): Promise<readonly ListingRow[]> {
    const where = whereSql(asked);
    const order = orderSql(query.sort, query.order);
    // First which, from an index, then what they are: so that a late page reads no rows before it
    const { rows } = await asked.knex.raw<{ rows: ListingRow[] }>(
      `with page as materialized (
         select l.entity_id from waystone_listing l
         where ${where.sql} order by ${order} limit ? offset ?
       )
       select l.entity_ref as "entityRef", l.kind, l.namespace, l.name, l.title, l.type,
         l.owner, case when cardinality(l.owners) > 1 then l.owners end as owners,
         l.system, l.lifecycle, l.tier, l.tags, l.docs
       from page join waystone_listing l on l.entity_id = page.entity_id order by ${order}`,
      [...where.bindings, query.limit, query.offset],
    );
    return rows;
  }

  async #count(asked: Asked): Promise<number> {
    const where = whereSql(asked);
    return this.#kept(asked, {
      key: `count ${keyOf(where)}`,
      compute: async () => {
        const { rows } = await asked.knex.raw<{ rows: { count: number }[] }>(
          `select count(*)::int as count from waystone_listing l where ${where.sql}`,
          [...where.bindings],
        );
        return rows[0].count;
      },
    });
  }

  async #kinds(asked: Asked): Promise<{ kind: string; count: number }[]> {
    const where = asked.visibility.on('l');
    return this.#kept(
      { ...asked, problems: undefined },
      {
        key: `kinds ${keyOf(where)}`,
        compute: async () => {
          const { rows } = await asked.knex.raw<{
            rows: { kind: string; count: number }[];
          }>(
            `select l.kind, count(*)::int as count from waystone_listing l
             where ${where.sql} group by 1 order by 2 desc, 1`,
            [...where.bindings],
          );
          return rows;
        },
      },
    );
  }

  /** Problems come and go without a change of the table, so what depends on them is not kept. */
  async #kept<T>(
    asked: Asked,
    options: {
      key: string;
      compute: () => Promise<T>;
      weightOf?: (value: T) => number;
    },
  ): Promise<T> {
    if (asked.problems) {
      return options.compute();
    }
    return this.#cache.get({ ...options, version: asked.version });
  }
}

async function readVersion(knex: Knex): Promise<string> {
  const { rows } = await knex.raw<{ rows: { version: string | number }[] }>(
    'select last_value as version from waystone_listing_version',
  );
  return String(rows[0].version);
}

function whereSql(asked: Asked, without?: ListingField): SqlPart {
  return allOf([
    filterSql(asked.filter, without),
    asked.visibility.on('l'),
    ...(asked.problems ? [asked.problems] : []),
  ]);
}

function keyOf({ bindings, sql }: SqlPart): string {
  return JSON.stringify([sql, bindings]);
}

/** Once for the page and its count: it is the longest statement of all. */
async function readRefsWithProblems(
  knex: Knex,
  problems: ProblemsReader,
  scope: ProblemsScope,
): Promise<string[]> {
  const { bindings, sql } = await problems.query(knex);
  const rows = await runUncompiled<{ ref: string }>(
    knex,
    `select distinct entity_ref as ref from (${sql}) problem ${
      scope.everybody ? '' : 'where owners && ?::text[]'
    }`,
    [
      ...bindings,
      ...(scope.everybody ? [] : [[...scope.owners]]),
    ] as Knex.RawBinding[],
  );
  return rows.map(({ ref }) => ref);
}
