import type {
  BackstageCredentials,
  DatabaseService,
  PermissionsService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { catalogProblemReadPermission } from '@waystone/plugin-catalog-overview-common';
import type {
  ProblemsQuery,
  ProblemsResponse,
} from '@waystone/plugin-catalog-overview-common';
import type { Knex } from 'knex';
import { runUncompiled } from '../database/runUncompiled';
import { describeProblem } from './describeProblem';
import { allProblemsQuery, problemsQuery } from './problemsSql';
import type { ProblemSources, StoredProblem } from './problemsSql';
import type { StacksReader } from './StacksReader';

/** How many owners the filter offers. */
const MOST_OWNERS = 200;

/** Whose problems somebody may see. */
export type ProblemsScope =
  | { readonly everybody: true }
  | { readonly everybody: false; readonly owners: readonly string[] };

/** The problems of catalog entities, from the catalog's own tables. */
export class ProblemsReader {
  readonly #database: DatabaseService;
  readonly #permissions: PermissionsService;
  readonly #stacks: StacksReader | undefined;
  readonly #userInfo: UserInfoService;
  #hasTables = false;

  static create(options: {
    readonly database: DatabaseService;
    readonly permissions: PermissionsService;
    readonly stacks?: StacksReader;
    readonly userInfo: UserInfoService;
  }): ProblemsReader {
    return new ProblemsReader(options);
  }

  private constructor(options: {
    readonly database: DatabaseService;
    readonly permissions: PermissionsService;
    readonly stacks?: StacksReader;
    readonly userInfo: UserInfoService;
  }) {
    this.#database = options.database;
    this.#permissions = options.permissions;
    this.#stacks = options.stacks;
    this.#userInfo = options.userInfo;
  }

  /** All, with the permission; otherwise those of what the caller owns. */
  async scopeOf(
    credentials: BackstageCredentials,
    options: { readonly mine?: boolean } = {},
  ): Promise<ProblemsScope> {
    if (!options.mine) {
      const [decision] = await this.#permissions.authorize(
        [{ permission: catalogProblemReadPermission }],
        { credentials },
      );
      if (decision.result === AuthorizeResult.ALLOW) {
        return { everybody: true };
      }
    }
    const { ownershipEntityRefs } = await this.#userInfo.getUserInfo(
      credentials,
    );
    return { everybody: false, owners: ownershipEntityRefs };
  }

  async list(
    query: ProblemsQuery,
    credentials: BackstageCredentials,
  ): Promise<ProblemsResponse> {
    const scope = await this.scopeOf(credentials, query);
    const knex = await this.#database.getClient();
    const where = filters(query);
    const sources = await this.#sources(knex);
    const { sql, bindings } = scope.everybody
      ? allProblemsQuery(sources)
      : problemsQuery(sources);
    // One statement, so that the page and the counts are of the same moment
    const rows = await runUncompiled<ListRow>(
      knex,
      `with visible as materialized (
         select * from (${sql}) problem ${
        scope.everybody ? '' : 'where entity_ref = any(?)'
      }
       ), matching as materialized (
         select * from visible where ${where.sql}
       )
       select
         (select coalesce(json_agg(page), '[]') from (
            select entity_ref as "entityRef", id, severity, detail, owners from matching
            order by severity, entity_ref, id, detail limit ? offset ?
          ) page) as items,
         (select count(*)::int from matching) as total,
         (select count(*)::int from visible where severity = 'error') as errors,
         (select count(*)::int from visible where severity = 'warning') as warnings,
         (select coalesce(json_agg(k), '[]') from (
            select split_part(entity_ref, ':', 1) as kind, count(*)::int as count
            from visible group by 1 order by 2 desc, 1
          ) k) as kinds,
         (select coalesce(json_agg(o), '[]') from (
            select owner as "entityRef", count(*)::int as count
            from visible, unnest(owners) owner group by 1 order by 2 desc, 1 limit ?
          ) o) as owners`,
      [
        ...bindings,
        ...(scope.everybody ? [] : [await readOwned(knex, scope.owners)]),
        ...where.bindings,
        query.limit,
        query.cursor,
        MOST_OWNERS,
      ] as Knex.RawBinding[],
    );
    const [row] = rows;
    const since = await this.#readSince(knex, row.items);
    const subjects = await readSubjects(knex, row.items);
    const end = query.cursor + row.items.length;
    return {
      items: row.items.map(item => ({
        entityRef: item.entityRef,
        id: item.id,
        severity: item.severity,
        message: describeProblem(item),
        owners: [...item.owners],
        ...since.get(keyOf(item)),
        ...subjects.get(item.entityRef),
      })),
      totalItems: row.total,
      pageInfo: end < row.total ? { nextCursor: String(end) } : {},
      summary: {
        errors: row.errors,
        warnings: row.warnings,
        kinds: row.kinds,
        owners: row.owners,
        everybody: scope.everybody,
      },
    };
  }

  /** All problems, as a query to select from. */
  async query(knex: Knex): Promise<ReturnType<typeof problemsQuery>> {
    return problemsQuery(await this.#sources(knex));
  }

  async #sources(knex: Knex): Promise<ProblemSources> {
    // Waystone's tables come a moment after the catalog's
    this.#hasTables ||= await knex.schema.hasTable('waystone_conflicts');
    return {
      conflicts: this.#hasTables,
      stacks: await this.#stacks?.read(),
    };
  }

  /** When the portal first saw errors. */
  async #readSince(
    knex: Knex,
    items: readonly StoredProblem[],
  ): Promise<ReadonlyMap<string, { since: string }>> {
    const rows: {
      entityRef: string;
      id: string;
      detail: string;
      at: Date;
    }[] = this.#hasTables
      ? await knex('waystone_problem_notices')
          .whereRaw('entity_ref = any(?)', [
            items.map(({ entityRef }) => entityRef),
          ])
          .select({
            entityRef: 'entity_ref',
            id: 'problem_id',
            detail: 'detail',
            at: 'first_seen_at',
          })
      : [];
    return new Map(
      rows.map(row => [keyOf(row), { since: row.at.toISOString() }]),
    );
  }

  /** Those of some entities. */
  async ofEntities(entityRefs: readonly string[]): Promise<StoredProblem[]> {
    const knex = await this.#database.getClient();
    const { sql, bindings } = await this.query(knex);
    const rows = await runUncompiled<StoredProblem>(
      knex,
      `select entity_ref as "entityRef", id, severity, detail, owners
       from (${sql}) problem where entity_ref = any(?) order by severity, id, detail`,
      [...bindings, [...entityRefs]] as Knex.RawBinding[],
    );
    return rows;
  }
}

/** What somebody owns, and the locations that bring it. */
async function readOwned(
  knex: Knex,
  owners: readonly string[],
): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { ref: string }[] }>(
    `with owned as materialized (
       select distinct source_entity_ref as ref from relations
       where type = 'ownedBy' and target_entity_ref = any(?)
     )
     select ref from owned
     union
     select brings.source_entity_ref from owned
     join refresh_state_references brings on brings.target_entity_ref = owned.ref
     where brings.source_entity_ref like 'location:%'`,
    [[...owners]],
  );
  return rows.map(({ ref }) => ref);
}

/** What locations bring: a component if they do. */
async function readSubjects(
  knex: Knex,
  items: readonly StoredProblem[],
): Promise<ReadonlyMap<string, { subjectRef: string }>> {
  const locations = items
    .map(({ entityRef }) => entityRef)
    .filter(ref => ref.startsWith('location:'));
  const { rows } = await knex.raw<{
    rows: { location: string; subjectRef: string }[];
  }>(
    `select distinct on (source_entity_ref) source_entity_ref as location, target_entity_ref as "subjectRef"
     from refresh_state_references where source_entity_ref = any(?)
     order by source_entity_ref, target_entity_ref not like 'component:%', target_entity_ref`,
    [locations],
  );
  return new Map(
    rows.map(({ location, subjectRef }) => [location, { subjectRef }]),
  );
}

function keyOf(problem: Pick<StoredProblem, 'entityRef' | 'id' | 'detail'>) {
  const { detail, entityRef, id } = problem;
  return JSON.stringify([entityRef, id, (detail ?? '').slice(0, 200)]);
}

interface ListRow {
  readonly items: StoredProblem[];
  readonly total: number;
  readonly errors: number;
  readonly warnings: number;
  readonly kinds: { kind: string; count: number }[];
  readonly owners: { entityRef: string; count: number }[];
}

function filters(query: ProblemsQuery): {
  sql: string;
  bindings: Knex.RawBinding[];
} {
  const lower = (value: string) => value.trim().toLocaleLowerCase('en-US');
  const parts: [sql: string, ...bindings: Knex.RawBinding[]][] = [['true']];
  if (query.owner) {
    parts.push(['? = any(owners)', lower(query.owner)]);
  }
  if (query.severity) {
    parts.push(['severity = ?', query.severity]);
  }
  if (query.kind) {
    parts.push([`split_part(entity_ref, ':', 1) = ?`, lower(query.kind)]);
  }
  if (query.q) {
    parts.push([
      '(strpos(entity_ref, ?) > 0 or strpos(id, ?) > 0)',
      lower(query.q),
      lower(query.q),
    ]);
  }
  return {
    sql: parts.map(([sql]) => sql).join(' and '),
    bindings: parts.flatMap(([, ...bindings]) => bindings),
  };
}
