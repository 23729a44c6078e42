import type { Entity } from '@backstage/catalog-model';
import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';

const LIMIT = 8;

/** The components owned by the signed-in person or her groups: the first few by name, and how many there are. */
export function useMyServices() {
  const identityApi = useApi(identityApiRef);
  const catalogApi = useApi(catalogApiRef);

  return useAsyncRetry(async (): Promise<{
    items: Entity[];
    totalItems: number;
  }> => {
    const { ownershipEntityRefs } = await identityApi.getBackstageIdentity();
    return catalogApi.queryEntities({
      filter: {
        kind: 'Component',
        'relations.ownedBy': ownershipEntityRefs,
      },
      fields: [
        'apiVersion',
        'kind',
        'metadata.name',
        'metadata.namespace',
        'metadata.title',
        'metadata.description',
        'metadata.annotations',
        'spec.type',
        'spec.lifecycle',
        'spec.owner',
        'spec.system',
      ],
      orderFields: { field: 'metadata.name', order: 'asc' },
      limit: LIMIT,
    });
  }, [identityApi, catalogApi]);
}
