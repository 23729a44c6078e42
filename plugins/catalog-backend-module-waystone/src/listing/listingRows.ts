import type { ListingItem } from '@waystone/plugin-catalog-overview-common';
import type { Knex } from 'knex';
import type { Visibility } from '../visibility/Visibility';

/** A row as the table has it. */
export interface ListingRow {
  readonly entityRef: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly title: string;
  readonly type: string | null;
  readonly owner: string | null;
  /** All of them, of those with more than one. */
  readonly owners: string[] | null;
  readonly system: string | null;
  readonly lifecycle: string | null;
  readonly tier: string | null;
  readonly tags: string[];
  readonly docs: boolean;
}

/** The titles of the owners and systems that rows name, as far as the caller may see them. */
export async function readTitles(
  knex: Knex,
  rows: readonly ListingRow[],
  visibility: Visibility,
): Promise<ReadonlyMap<string, string>> {
  const refs = new Set(
    rows
      .flatMap(({ owner, owners, system }) => [
        owner,
        system,
        ...(owners ?? []),
      ])
      .filter(ref => ref !== null),
  );
  if (refs.size === 0) {
    return new Map();
  }
  const { rows: found } = await knex.raw<{
    rows: { ref: string; title: string }[];
  }>(
    `select l.entity_ref as ref, l.title from waystone_listing l
     where l.entity_ref = any(?::text[]) and ${visibility.on('l').sql}`,
    [[...refs], ...visibility.on('l').bindings],
  );
  return new Map(found.map(({ ref, title }) => [ref, title]));
}

/** What is shown of rows. */
export function readItems(
  rows: readonly ListingRow[],
  titles: ReadonlyMap<string, string>,
): ListingItem[] {
  const reference = (entityRef: string | null) =>
    entityRef === null
      ? undefined
      : {
          entityRef,
          title: titles.get(entityRef) ?? shortName(entityRef),
        };
  return rows.map(row => ({
    entityRef: row.entityRef,
    kind: row.kind,
    namespace: row.namespace,
    name: row.name,
    title: row.title,
    type: row.type ?? undefined,
    owner: reference(row.owner),
    otherOwners: row.owners
      ?.filter(owner => owner !== row.owner)
      .flatMap(owner => reference(owner) ?? []),
    system: reference(row.system),
    lifecycle: row.lifecycle ?? undefined,
    tier: row.tier ?? undefined,
    tags: row.tags,
    docs: row.docs,
  }));
}

/** What a ref is called if nothing else is known of it. */
export function shortName(entityRef: string): string {
  return entityRef.slice(entityRef.lastIndexOf('/') + 1);
}
