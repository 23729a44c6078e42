import { useApi } from '@backstage/frontend-plugin-api';
import type { OwnershipResponse } from '@waystone/plugin-catalog-overview-common';
import { useEffect, useState } from 'react';
import { catalogOwnershipApiRef } from './CatalogOwnershipClient';

/** What an owner owns, as far as it is known by now. */
export interface Ownership {
  readonly response?: OwnershipResponse;
  readonly error?: Error;
  retry(): void;
}

/** Reads what a group or user owns: one request. */
export function useOwnership(entityRef: string): Ownership {
  const api = useApi(catalogOwnershipApiRef);
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<{
    entityRef?: string;
    response?: OwnershipResponse;
    error?: Error;
  }>({});

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    api.ofOwner(entityRef, signal).then(
      response => !signal.aborted && setState({ entityRef, response }),
      error => !signal.aborted && setState({ entityRef, error }),
    );
    return () => controller.abort();
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
