import {
  waystoneAnnotations,
  waystoneFields,
} from '@waystone/plugin-catalog-checks-common';
import type { Knex } from 'knex';
import type { StackRule } from './StacksReader';

/** How long after it was due an entity counts as stuck. The catalog looks at each every few minutes. */
const STUCK_AFTER = '1 hour';

/** A problem as the catalog's tables show it. */
export interface StoredProblem {
  readonly entityRef: string;
  readonly id: string;
  readonly severity: 'error' | 'warning';
  /** What the message names: a target, a value. */
  readonly detail: string | null;
  readonly owners: readonly string[];
}

/** The key under which the catalog's search table has an annotation. */
const annotationKey = (annotation: string) =>
  `metadata.annotations.${annotation}`;

/** Entities of a kind that lack a key. */
function missing(options: {
  readonly id: string;
  readonly kinds: readonly string[];
  readonly keys: readonly string[];
  /** Only those of these types. */
  readonly types?: readonly string[];
}): { sql: string; bindings: Knex.RawBinding[] } {
  const { id, keys, kinds, types } = options;
  return {
    sql: `
      select f.entity_ref, ?::text as id, 'warning' as severity, null::text as detail
      from final_entities f
      where split_part(f.entity_ref, ':', 1) = any(?)
        and not exists (
          select 1 from search s where s.entity_id = f.entity_id and s.key = any(?)
        )
        ${
          types
            ? `and exists (
                select 1 from search s
                where s.entity_id = f.entity_id and s.key = 'spec.type' and s.value = any(?)
              )`
            : ''
        }`,
    bindings: [
      id,
      [...kinds],
      [...keys],
      ...(types ? [[...types]] : []),
    ] as Knex.RawBinding[],
  };
}

const RUNNING = ['service', 'website'];

/**
 * How long after it was last seen a conflict counts: the second file is read every few minutes.
 *
 * @internal
 */
export const CONFLICT_FOR = '30 minutes';

/** What the query needs beyond the catalog's own tables. */
export interface ProblemSources {
  /** Technologies that are on their way out. */
  readonly stacks?: readonly StackRule[];
  /** Whether Waystone's tables are there. */
  readonly conflicts?: boolean;
}

/**
 * All kinds of problems, one query each.
 *
 * The column entity_ref of each must be of the same type (varchar, as the catalog has it). Otherwise PostgreSQL reads
 * all problems to find those of one entity.
 */
function sources({
  conflicts,
  stacks = [],
}: ProblemSources): { sql: string; bindings: Knex.RawBinding[] }[] {
  return [
    {
      sql: `
        select entity_ref, 'processing-failed' as id, 'error' as severity, null::text as detail
        from refresh_state where errors is not null and errors not in ('', '[]')`,
      bindings: [],
    },
    {
      sql: `
        select entity_ref, 'stuck' as id, 'warning' as severity, next_update_at::text as detail
        from refresh_state where next_update_at < now() - ?::interval`,
      bindings: [STUCK_AFTER],
    },
    {
      sql: `
        select distinct r.source_entity_ref as entity_ref,
          case r.type when 'ownedBy' then 'owner-unknown' else 'relation-unknown' end as id,
          case r.type when 'ownedBy' then 'error' else 'warning' end as severity,
          r.target_entity_ref as detail
        from relations r
        join refresh_state own
          on own.entity_id = r.originating_entity_id and own.entity_ref = r.source_entity_ref
        left join refresh_state target on target.entity_ref = r.target_entity_ref
        where target.entity_ref is null`,
      bindings: [],
    },
    {
      sql: `
        select f.entity_ref, 'orphaned' as id, 'warning' as severity, null::text as detail
        from search s join final_entities f on f.entity_id = s.entity_id
        where s.key = 'metadata.annotations.backstage.io/orphan' and s.value = 'true'`,
      bindings: [],
    },
    {
      sql: `
        select distinct f.entity_ref, 'link-unsafe' as id, 'error' as severity, s.original_value as detail
        from search s join final_entities f on f.entity_id = s.entity_id
        where s.key = 'metadata.links.url'
          and s.value ~ '^[[:space:]]*[a-z][a-z0-9+.-]*:'
          and s.value !~ '^[[:space:]]*(http|https|mailto):'`,
      bindings: [],
    },
    ...(conflicts
      ? [
          {
            sql: `
        select r.entity_ref, 'name-claimed' as id, 'error' as severity, c.held_by || ' ' || c.claimed_by as detail
        from waystone_conflicts c join refresh_state r on r.entity_ref = c.entity_ref
        where c.last_seen_at > now() - ?::interval and r.location_key = c.held_by`,
            bindings: [CONFLICT_FOR],
          },
        ]
      : []),
    ...(stacks.length > 0
      ? [
          {
            sql: `
        select f.entity_ref, rule.id, 'warning' as severity, rule.detail
        from search s
        join final_entities f on f.entity_id = s.entity_id
        join jsonb_to_recordset(?::jsonb) as rule(stack text, id text, detail text)
          on s.value = rule.stack or starts_with(s.value, rule.stack || '.')
        where s.key = ?`,
            bindings: [
              JSON.stringify(stacks),
              annotationKey(waystoneAnnotations.stack),
            ],
          },
        ]
      : []),
    ...waystoneFields.map(field => ({
      sql: `
        select f.entity_ref, ?::text as id, 'error' as severity, s.original_value as detail
        from search s join final_entities f on f.entity_id = s.entity_id
        where s.key = ? and s.original_value is not null and s.original_value !~ ?`,
      bindings: [
        `${field.title.toLocaleLowerCase('en-US')}-invalid`,
        annotationKey(field.annotation),
        field.pattern,
      ],
    })),
    missing({
      id: 'system-missing',
      kinds: ['component', 'api', 'resource'],
      keys: ['spec.system'],
    }),
    missing({
      id: 'tier-missing',
      kinds: ['component'],
      keys: [annotationKey('waystone.dev/tier')],
      types: RUNNING,
    }),
    missing({
      id: 'runbook-missing',
      kinds: ['component'],
      keys: [annotationKey('waystone.dev/runbook')],
      types: RUNNING,
    }),
    missing({
      id: 'docs-missing',
      kinds: ['component'],
      keys: [
        annotationKey('backstage.io/techdocs-ref'),
        annotationKey('backstage.io/techdocs-entity'),
      ],
    }),
  ];
}

/** The owners of an entity, and of a location those of what it brings. */
const OWNERS_OF_EACH = `array(
        select target_entity_ref::text from relations
        where source_entity_ref = p.entity_ref and type = 'ownedBy'
        union
        select owned.target_entity_ref::text
        from refresh_state_references brings
        join relations owned
          on owned.source_entity_ref = brings.target_entity_ref and owned.type = 'ownedBy'
        where brings.source_entity_ref = p.entity_ref and p.entity_ref like 'location:%'
      )`;

/**
 * All problems with the owners of their entities, as a query to select from.
 *
 * @remarks
 *
 * Nothing is stored: relations, errors and the search index of the catalog say it all, so that a problem is
 * gone when its cause is. A location is the business of the owners of what it brings.
 */
export function problemsQuery(options: ProblemSources = {}): {
  readonly sql: string;
  readonly bindings: Knex.RawBinding[];
} {
  const { bindings, sql } = problemRows(options);
  return {
    sql: `
      select p.entity_ref, p.id, p.severity, p.detail, ${OWNERS_OF_EACH} as owners
      from (${sql}) p`,
    bindings,
  };
}

/**
 * The same, for who reads the problems of the whole catalog: all owners are read at once, and not those of each of
 * some 100,000 problems.
 */
export function allProblemsQuery(options: ProblemSources = {}): {
  readonly sql: string;
  readonly bindings: Knex.RawBinding[];
} {
  const { bindings, sql } = problemRows(options);
  return {
    sql: `
      select p.entity_ref, p.id, p.severity, p.detail,
        case when p.entity_ref like 'location:%' then ${OWNERS_OF_EACH} else coalesce(o.owners, '{}') end as owners
      from (${sql}) p
      left join (
        select source_entity_ref, array_agg(distinct target_entity_ref::text) as owners
        from relations where type = 'ownedBy' group by source_entity_ref
      ) o on o.source_entity_ref = p.entity_ref`,
    bindings,
  };
}

function problemRows(options: ProblemSources): {
  readonly sql: string;
  readonly bindings: Knex.RawBinding[];
} {
  const all = sources(options);
  return {
    sql: all.map(({ sql }) => sql).join('\nunion all\n'),
    bindings: all.flatMap(({ bindings }) => bindings),
  };
}
