import { useApi } from '@backstage/frontend-plugin-api';
import type { EntityProblemsResponse } from '@waystone/plugin-catalog-overview-common';
import { useEffect, useState } from 'react';
import { catalogProblemsApiRef } from './CatalogProblemsClient';

/** What is wrong with one entity: nothing yet while it loads, and an error if nobody could say. */
export function useEntityProblems(entityRef: string): {
  readonly response?: EntityProblemsResponse;
  readonly error?: Error;
} {
  const api = useApi(catalogProblemsApiRef);
  const [state, setState] = useState<{
    entityRef: string;
    response?: EntityProblemsResponse;
    error?: Error;
  }>();
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    api.ofEntity(entityRef, signal).then(
      response => {
        if (!signal.aborted) {
          setState({ entityRef, response });
        }
      },
      error => {
        if (!signal.aborted) {
          setState({ entityRef, error });
        }
      },
    );
    return () => controller.abort();
  }, [api, entityRef]);
  return state?.entityRef === entityRef ? state : {};
}
