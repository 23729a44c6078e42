import { useApi } from '@backstage/frontend-plugin-api';
import type { OverviewResponse } from '@waystone/plugin-catalog-overview-common';
import { useEffect, useState } from 'react';
import { catalogOverviewApiRef } from '../api/CatalogOverviewClient';

/** What surrounds an entity, as far as it is known by now. */
export interface Overview {
  readonly response?: OverviewResponse;
  readonly error?: Error;
  retry(): void;
}

/** Reads what surrounds an entity: one request. */
export function useOverview(entityRef: string): Overview {
  const api = useApi(catalogOverviewApiRef);
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<{
    entityRef?: string;
    response?: OverviewResponse;
    error?: Error;
  }>({});

  useEffect(() => {
    let left = false;
    api.getOverview(entityRef).then(
      response => {
        if (!left) {
          setState({ entityRef, response });
        }
      },
      error => {
        if (!left) {
          setState({ entityRef, error });
        }
      },
    );
    return () => {
      left = true;
    };
  }, [api, entityRef, attempt]);

  return {
    ...(state.entityRef === entityRef
      ? { response: state.response, error: state.error }
      : {}),
    retry: () => {
      setState({});
      setAttempt(attempt + 1);
    },
  };
}
