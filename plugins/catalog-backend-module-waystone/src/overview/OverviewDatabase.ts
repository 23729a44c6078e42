import type { Knex } from 'knex';

/** The relations that an overview shows, and none that the catalog may have besides. */
const RELATIONS = [
  'ownedBy',
  'partOf',
  'hasPart',
  'dependsOn',
  'dependencyOf',
  'providesApi',
  'consumesApi',
  'apiProvidedBy',
  'apiConsumedBy',
];

/** More of one entity can neither be shown nor counted in good time. */
const MOST_RELATIONS = 20_000;

/**
 * What is known of a neighbour, by its key in the catalog's index. From there and not from the entity, which
 * may hold an API definition of megabytes.
 */
const ATTRIBUTES = {
  kind: 'kind',
  title: 'metadata.title',
  name: 'metadata.name',
  displayName: 'spec.profile.displayname',
  picture: 'spec.profile.picture',
  type: 'spec.type',
  lifecycle: 'spec.lifecycle',
  tier: 'metadata.annotations.waystone.dev/tier',
} as const;

/** @internal */
export type Attributes = {
  readonly [name in keyof typeof ATTRIBUTES]?: string;
};

/** @internal */
export interface Relation {
  readonly source: string;
  readonly type: string;
  readonly target: string;
}

/** @internal */
export interface Entry {
  readonly changedAt?: string;
  readonly refreshAt?: string;
  readonly errors: number;
}

/** What an overview reads in the catalog's database: one statement each, however many entities there are. */
export class OverviewDatabase {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** The relations of an entity, by name. */
  async relationsOf(entityRef: string): Promise<readonly Relation[]> {
    return this.#relations([entityRef], RELATIONS);
  }

  /** The parts of systems and the members of groups. */
  async contentsOf(
    entityRefs: readonly string[],
  ): Promise<readonly Relation[]> {
    return this.#relations(entityRefs, ['hasPart', 'hasMember']);
  }

  /** The first owner of each. */
  async ownersOf(
    entityRefs: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#relations(entityRefs, ['ownedBy']);
    return new Map(
      rows.toReversed().map(({ source, target }) => [source, target]),
    );
  }

  async #relations(
    entityRefs: readonly string[],
    types: readonly string[],
  ): Promise<Relation[]> {
    return this.#knex('relations')
      .distinct({
        source: 'source_entity_ref',
        type: 'type',
        target: 'target_entity_ref',
      })
      .whereRaw('source_entity_ref = any(?)', [[...entityRefs]])
      .whereRaw('type = any(?)', [[...types]])
      .orderBy(['source', 'type', 'target'])
      .limit(MOST_RELATIONS);
  }

  /** Those that the catalog has. */
  async existing(entityRefs: readonly string[]): Promise<ReadonlySet<string>> {
    const rows: { ref: string }[] = await this.#knex('final_entities')
      .select({ ref: 'entity_ref' })
      .whereRaw('entity_ref = any(?)', [[...entityRefs]])
      .whereNotNull('final_entity');
    return new Set(rows.map(({ ref }) => ref));
  }

  async attributesOf(
    entityRefs: readonly string[],
  ): Promise<ReadonlyMap<string, Attributes>> {
    const rows: { ref: string; key: string; value: string | null }[] =
      await this.#knex('final_entities')
        .innerJoin('search', 'search.entity_id', 'final_entities.entity_id')
        .select({
          ref: 'final_entities.entity_ref',
          key: 'search.key',
          value: 'search.original_value',
        })
        .whereRaw('final_entities.entity_ref = any(?)', [[...entityRefs]])
        .whereRaw('search.key = any(?)', [Object.values(ATTRIBUTES)]);
    const names = new Map(
      Object.entries(ATTRIBUTES).map(([name, key]) => [key as string, name]),
    );
    const found = new Map<string, Record<string, string>>();
    for (const { ref, key, value } of rows) {
      const attributes = found.get(ref) ?? {};
      if (value !== null) {
        attributes[names.get(key)!] = value;
      }
      found.set(ref, attributes);
    }
    return found;
  }

  /** When the entry of an entity changed, and how its last processing went. */
  async entryOf(entityRef: string): Promise<Entry> {
    const row:
      | { changed: Date | null; refresh: Date | null; errors: string | null }
      | undefined = await this.#knex('refresh_state')
      .leftJoin(
        'final_entities',
        'final_entities.entity_id',
        'refresh_state.entity_id',
      )
      .where('refresh_state.entity_ref', entityRef)
      .first({
        changed: 'final_entities.last_updated_at',
        refresh: 'refresh_state.next_update_at',
        errors: 'refresh_state.errors',
      });
    return {
      changedAt: row?.changed?.toISOString(),
      refreshAt: row?.refresh?.toISOString(),
      errors: count(row?.errors),
    };
  }
}

function count(errors: string | null | undefined): number {
  const list: unknown = errors ? JSON.parse(errors) : [];
  return Array.isArray(list) ? list.length : 0;
}
