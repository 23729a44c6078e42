import { useApi } from '@backstage/frontend-plugin-api';
import type {
  ImpactItem,
  ImpactResponse,
} from '@waystone/plugin-catalog-overview-common';
import { useCallback, useEffect, useState } from 'react';
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
  const [request, setRequest] = useState({ cursor: 0, attempt: 0 });
  const [loading, setLoading] = useState(true);

  useEffect(() => {
    setRequest({ cursor: 0, attempt: 0 });
  }, [entityRef, direction, owner, kind, q]);

  useEffect(() => {
    const controller = new AbortController();
    const { cursor } = request;
    setLoading(true);
    api
      .getImpact(
        entityRef,
        { direction, owner, kind, q, cursor },
        controller.signal,
      )
      .then(
        response =>
          setState(before => ({
            response,
            items:
              cursor === 0
                ? response.items
                : [...before.items.slice(0, cursor), ...response.items],
          })),
        error => {
          if (!controller.signal.aborted) {
            setState(before => ({ ...before, error }));
          }
        },
      )
      .finally(() => {
        if (!controller.signal.aborted) {
          setLoading(false);
        }
      });
    return () => controller.abort();
  }, [api, entityRef, direction, owner, kind, q, request]);

  const { nextCursor } = state.response?.pageInfo ?? {};
  return {
    ...state,
    loading,
    more: useCallback(() => {
      if (nextCursor) {
        setRequest({ cursor: Number(nextCursor), attempt: 0 });
      }
    }, [nextCursor]),
    retry: useCallback(() => {
      setRequest(({ cursor, attempt }) => ({ cursor, attempt: attempt + 1 }));
    }, []),
  };
}
