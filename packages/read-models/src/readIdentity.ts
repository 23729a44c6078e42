import {
  getCompoundEntityRef,
  RELATION_OWNED_BY,
  RELATION_PART_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';

/**
 * What every read model keeps of an entity.
 *
 * @public
 */
export interface EntityIdentity {
  /** In lower case. */
  readonly entityRef: string;
  readonly name: string;
  readonly title: string;
  /** The full refs of its first owner and its system. */
  readonly owner?: string;
  readonly system?: string;
}

/**
 * Reads what every read model keeps of an entity. It needs `kind`, `metadata.name`, `metadata.namespace`,
 * `metadata.title` and `relations` of it.
 *
 * @public
 */
export function readIdentity(entity: Entity): EntityIdentity {
  const { metadata, relations = [] } = entity;
  const target = (type: string, kind = '') =>
    relations.find(
      relation => relation.type === type && relation.targetRef.startsWith(kind),
    )?.targetRef;
  return {
    entityRef: stringifyEntityRef(getCompoundEntityRef(entity)),
    name: metadata.name,
    title: metadata.title ?? metadata.name,
    owner: target(RELATION_OWNED_BY),
    system: target(RELATION_PART_OF, 'system:'),
  };
}
