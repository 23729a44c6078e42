import { allOf, anyOf, sqlPart } from '../database/SqlPart';
import type { VisibleEntities } from '../visibility/VisibleEntities';

/** Shows everybody the same entities, or all of them. */
export function createVisibleEntities(
  entityRefs?: readonly string[],
): VisibleEntities {
  const visible: Pick<VisibleEntities, 'to'> = {
    to: async () => {
      if (!entityRefs) {
        return { extent: 'all', key: 'all', on: () => allOf([]) };
      }
      if (entityRefs.length === 0) {
        return { extent: 'none', key: 'none', on: () => anyOf([]) };
      }
      return {
        extent: 'some',
        key: entityRefs.join(),
        on: table =>
          sqlPart(
            `${table}.entity_id in (select entity_id from final_entities where entity_ref = any(?::text[]))`,
            entityRefs,
          ),
      };
    },
  };
  return visible as VisibleEntities;
}
