import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import {
  parseEntityRef,
  RELATION_OWNED_BY,
  RELATION_PART_OF,
  stringifyEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { z } from 'zod';

interface NamedEntity {
  readonly entityRef: string;
  readonly title: string;
}

/** An entity with docs, as a person may see it. */
export interface DocumentedEntity extends NamedEntity {
  readonly kind: string;
  readonly description?: string;
  readonly system?: NamedEntity;
  readonly owners: NamedEntity[];
}

const PAGE_SIZE = 500;
const MAX_ENTITIES = 20_000;
const NAMES_AT_ONCE = 200;

const profileSchema = z.object({
  profile: z.object({ displayName: z.string() }),
});

/** All entities with docs that the person may see. */
export async function readDocumented(
  catalog: CatalogService,
  credentials: BackstageCredentials,
): Promise<DocumentedEntity[]> {
  const found: Entity[] = [];
  let cursor: string | undefined;
  do {
    const page = await catalog.queryEntities(
      cursor
        ? { cursor, limit: PAGE_SIZE }
        : {
            filter: {
              'metadata.annotations.backstage.io/techdocs-ref':
                CATALOG_FILTER_EXISTS,
            },
            fields: [
              'kind',
              'metadata.namespace',
              'metadata.name',
              'metadata.title',
              'metadata.description',
              'relations',
            ],
            limit: PAGE_SIZE,
          },
      { credentials },
    );
    found.push(...page.items);
    cursor = page.pageInfo.nextCursor;
  } while (cursor && found.length < MAX_ENTITIES);
  const documented = found.map(entity => ({
    entity,
    system: systemOf(entity),
    owners: targetsOf(entity, RELATION_OWNED_BY),
  }));
  const names = await namesOf(
    catalog,
    credentials,
    new Set(
      documented.flatMap(({ system, owners }) =>
        system ? [system, ...owners] : owners,
      ),
    ),
  );
  const named = (entityRef: string) => ({
    entityRef,
    title: names.get(entityRef) ?? parseEntityRef(entityRef).name,
  });
  return documented.map(({ entity, system, owners }) => ({
    entityRef: stringifyEntityRef(entity),
    title: entity.metadata.title ?? entity.metadata.name,
    kind: entity.kind,
    description: entity.metadata.description,
    system: system === undefined ? undefined : named(system),
    owners: owners.map(named),
  }));
}

function targetsOf(entity: Entity, type: string): string[] {
  return (entity.relations ?? [])
    .filter(relation => relation.type === type)
    .map(relation => relation.targetRef);
}

function systemOf(entity: Entity): string | undefined {
  return targetsOf(entity, RELATION_PART_OF).find(ref =>
    ref.startsWith('system:'),
  );
}

async function namesOf(
  catalog: CatalogService,
  credentials: BackstageCredentials,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const refs = [...wanted];
  const names = new Map<string, string>();
  for (let at = 0; at < refs.length; at += NAMES_AT_ONCE) {
    const part = refs.slice(at, at + NAMES_AT_ONCE);
    const { items } = await catalog.getEntitiesByRefs(
      {
        entityRefs: part,
        fields: ['metadata.title', 'metadata.name', 'spec.profile'],
      },
      { credentials },
    );
    part.forEach((ref, index) => {
      const entity = items[index];
      if (!entity) return;
      const profile = profileSchema.safeParse(entity.spec);
      names.set(
        ref,
        (profile.success ? profile.data.profile.displayName : undefined) ??
          entity.metadata.title ??
          entity.metadata.name,
      );
    });
  }
  return names;
}
