import { useApi } from '@backstage/frontend-plugin-api';
import type {
  ImpactItem,
  ImpactResponse,
} from '@waystone/plugin-catalog-overview-common';
import { useEffect, useState } from 'react';
import { catalogOverviewApiRef } from '../api/CatalogOverviewClient';
import type { ImpactFilters } from '../api/CatalogOverviewClient';

/** An impact list that grows page by page. */
export interface Impact {
  /** The last answer; the one before stays while the filters change. */
  readonly response?: ImpactResponse;
  readonly items: readonly ImpactItem[];
  readonly loading: boolean;
  readonly error?: Error;
  more(): void;
  retry(): void;
}

/** Reads the impact of an entity, anew when the filters change. */
export function useImpact(
  entityRef: string,
  { direction, owner, kind, q }: ImpactFilters,
): Impact {
  const api = useApi(catalogOverviewApiRef);
  const [state, setState] = useState<{
    response?: ImpactResponse;
    items: readonly ImpactItem[];
    error?: Error;
  }>({ items: [] });
  const [loading, setLoading] = useState(true);
  const [wanted, setWanted] = useState({ list: '', cursor: 0, attempt: 0 });
  const list = JSON.stringify([entityRef, direction, owner, kind, q]);
  // A page of another list is the first page of this one.
  const cursor = wanted.list === list ? wanted.cursor : 0;
  const { attempt } = wanted;

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setLoading(true);
    api
      .getImpact(entityRef, { direction, owner, kind, q, cursor }, signal)
      .then(
        response => {
          if (!signal.aborted) {
            setState(before => ({
              response,
              items:
                cursor === 0
                  ? response.items
                  : [...before.items.slice(0, cursor), ...response.items],
            }));
          }
        },
        error => {
          if (!signal.aborted) {
            setState(before => ({ ...before, error }));
          }
        },
      )
      .finally(() => {
        if (!signal.aborted) {
          setLoading(false);
        }
      });
    return () => controller.abort();
  }, [api, entityRef, direction, owner, kind, q, cursor, attempt]);

  const { nextCursor } = state.response?.pageInfo ?? {};
  return {
    ...state,
    loading,
    more: () => {
      if (nextCursor) {
        setWanted({ list, cursor: Number(nextCursor), attempt });
      }
    },
    retry: () => setWanted({ list, cursor, attempt: attempt + 1 }),
  };
}
