import {
  parseEntityRef,
  RELATION_OWNED_BY,
  RELATION_PART_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { useEffect, useState } from 'react';

/** What somebody may request things for. */
export interface Teams {
  /** References of the groups that own something, or of all if none does. */
  readonly owners: readonly string[];
  /** By owner, the names of the systems in which it owns something. */
  readonly systems: Readonly<Record<string, readonly string[]>>;
  /** By owner, references of its components with the system of each. */
  readonly components: Readonly<
    Record<
      string,
      readonly { readonly ref: string; readonly system?: string }[]
    >
  >;
}

/** The teams of whoever is signed in, and what they own. */
export function useTeams(): {
  readonly value?: Teams;
  readonly error?: Error;
} {
  const identity = useApi(identityApiRef);
  const catalog = useApi(catalogApiRef);
  const [state, setState] = useState<{ value?: Teams; error?: Error }>({});
  useEffect(() => {
    let isGone = false;
    const read = async (): Promise<Teams> => {
      const { ownershipEntityRefs } = await identity.getBackstageIdentity();
      const groups = ownershipEntityRefs.filter(
        ref => parseEntityRef(ref).kind === 'group',
      );
      const { items } = await catalog.getEntities({
        filter: {
          kind: ['component', 'system'],
          'relations.ownedBy': groups,
        },
        fields: ['kind', 'metadata.name', 'metadata.namespace', 'relations'],
        order: { field: 'metadata.name', order: 'asc' },
      });
      const systems: Record<string, string[]> = {};
      const components: Record<string, { ref: string; system?: string }[]> = {};
      for (const entity of items) {
        const relations = entity.relations ?? [];
        const system =
          entity.kind === 'System'
            ? entity.metadata.name
            : relations
                .filter(({ type }) => type === RELATION_PART_OF)
                .map(({ targetRef }) => parseEntityRef(targetRef))
                .find(({ kind }) => kind === 'system')?.name;
        for (const { type, targetRef } of relations) {
          if (type === RELATION_OWNED_BY && groups.includes(targetRef)) {
            systems[targetRef] ??= [];
            if (system && !systems[targetRef].includes(system)) {
              systems[targetRef].push(system);
            }
            if (entity.kind === 'Component') {
              components[targetRef] ??= [];
              components[targetRef].push({
                ref: stringifyEntityRef(entity),
                system,
              });
            }
          }
        }
      }
      const owning = groups.filter(group => systems[group]?.length > 0);
      return {
        owners: owning.length > 0 ? owning : groups,
        systems,
        components,
      };
    };
    read().then(
      value => !isGone && setState({ value }),
      error => !isGone && setState({ error }),
    );
    return () => {
      isGone = true;
    };
  }, [catalog, identity]);
  return state;
}
