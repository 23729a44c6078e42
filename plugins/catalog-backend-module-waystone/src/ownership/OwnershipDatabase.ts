import type { Knex } from 'knex';
import type { Visibility } from '../visibility/Visibility';

/** Deeper organisations than this are a cycle. */
const MOST_LEVELS = 10;

/** @internal */
export interface OwnedRow {
  readonly entityRef: string;
  readonly title: string;
  readonly kind: string;
  readonly type: string | null;
  readonly lifecycle: string | null;
  readonly tier: string | null;
  readonly owner: string;
  readonly ownerTitle: string;
}

/** @internal */
export interface PersonRow {
  readonly entityRef: string;
  readonly title: string;
  readonly email: string | null;
  readonly picture: string | null;
}

/** @internal */
export interface TeamRow {
  readonly entityRef: string;
  readonly title: string;
  readonly type: string | null;
  readonly members: number;
  readonly owns: number;
}

/** What is read of an owner, in one statement. */
export interface OwnershipRow {
  readonly members: PersonRow[];
  readonly memberTotal: number;
  readonly parent: { entityRef: string; title: string } | null;
  readonly teams: TeamRow[];
  readonly teamTotal: number;
  readonly owned: OwnedRow[];
  /** The refs of all that is owned. */
  readonly ownedRefs: string[];
  readonly direct: number;
  readonly kinds: { kind: string; count: number }[];
}

/**
 * Reads the people, teams and possessions of a group or user, as far as they may be seen.
 *
 * @param options - `kind` says whether what is owned by the groups below counts, or by the groups of a person
 */
export async function readOwnership(
  knex: Knex,
  options: {
    readonly entityRef: string;
    readonly kind: 'group' | 'user';
    readonly visibility: Visibility;
    readonly limit: number;
  },
): Promise<OwnershipRow> {
  const { entityRef, kind, limit } = options;
  const { sql: visible, bindings } = options.visibility.on('l');
  const beside = kind === 'group' ? 'parentOf' : 'memberOf';
  const { rows } = await knex.raw<{ rows: OwnershipRow[] }>(
    `with recursive scope (ref, depth) as (
       select ?::text, 0
       union
       select r.target_entity_ref::text, s.depth + 1
       from scope s join relations r on r.source_entity_ref = s.ref and r.type = ?
       where s.depth < ?
     ),
     owner as materialized (select ref, min(depth) as depth from scope group by ref),
     seen as not materialized (select l.* from waystone_listing l where ${visible}),
     owned as materialized (
       select distinct on (l.entity_ref) l.entity_ref as "entityRef", l.title, l.sort_title, l.kind, l.type,
         l.lifecycle, l.tier, owner.ref as owner, owner.depth,
         coalesce((select o.title from seen o where o.entity_ref = owner.ref), split_part(owner.ref, '/', 2))
           as "ownerTitle"
       from owner
       join relations r on r.target_entity_ref = owner.ref and r.type = 'ownedBy'
       join seen l on l.entity_ref = r.source_entity_ref
       order by l.entity_ref, owner.depth, owner.ref
     ),
     member as materialized (
       select distinct l.entity_ref as "entityRef", l.entity_id, l.title, l.sort_title
       from relations r join seen l on l.entity_ref = r.target_entity_ref
       where r.source_entity_ref = ? and r.type = 'hasMember'
     ),
     team as materialized (
       select distinct l.entity_ref as "entityRef", l.title, l.sort_title, l.type
       from relations r join seen l on l.entity_ref = r.target_entity_ref
       where r.source_entity_ref = ? and r.type = ?
     )
     select
       (select coalesce(json_agg(m), '[]') from (
          select m."entityRef", m.title,
            (select original_value from search s
             where s.entity_id = m.entity_id and s.key = 'spec.profile.email' limit 1) as email,
            (select original_value from search s
             where s.entity_id = m.entity_id and s.key = 'spec.profile.picture' limit 1) as picture
          from member m order by m.sort_title, m."entityRef" limit ?
        ) m) as members,
       (select count(*)::int from member) as "memberTotal",
       (select json_build_object('entityRef', l.entity_ref, 'title', l.title)
        from relations r join seen l on l.entity_ref = r.target_entity_ref
        where r.source_entity_ref = ? and r.type = 'childOf'
        order by l.entity_ref limit 1) as parent,
       (select coalesce(json_agg(t), '[]') from (
          select t."entityRef", t.title, t.type,
            (select count(distinct r.target_entity_ref)::int from relations r
             join seen l on l.entity_ref = r.target_entity_ref
             where r.source_entity_ref = t."entityRef" and r.type = 'hasMember') as members,
            (select count(distinct r.source_entity_ref)::int from relations r
             join seen l on l.entity_ref = r.source_entity_ref
             where r.target_entity_ref = t."entityRef" and r.type = 'ownedBy') as owns
          from team t order by t.sort_title, t."entityRef" limit ?
        ) t) as teams,
       (select count(*)::int from team) as "teamTotal",
       (select coalesce(json_agg(o), '[]') from (
          select "entityRef", title, kind, type, lifecycle, tier, owner, "ownerTitle"
          from owned order by depth, kind, sort_title, "entityRef" limit ?
        ) o) as owned,
       (select coalesce(json_agg("entityRef"), '[]') from owned) as "ownedRefs",
       (select count(*)::int from owned where depth = 0) as direct,
       (select coalesce(json_agg(k), '[]') from (
          select kind, count(*)::int as count from owned group by 1 order by 2 desc, 1
        ) k) as kinds`,
    [
      entityRef,
      beside,
      kind === 'group' ? MOST_LEVELS : 1,
      ...bindings,
      entityRef,
      entityRef,
      beside,
      limit,
      entityRef,
      limit,
      limit,
    ],
  );
  return rows[0];
}
