import { useApi } from '@backstage/frontend-plugin-api';
import type {
  ListingQuery,
  ListingResponse,
} from '@waystone/plugin-catalog-overview-common';
import { useEffect, useState } from 'react';
import { catalogListingApiRef } from './CatalogListingClient';

/** A page of the index. @internal */
export interface Listing {
  /** The last answer; the one before stays while the view changes. */
  readonly response?: ListingResponse;
  readonly loading: boolean;
  /** Of the last attempt. */
  readonly error?: Error;
  retry(): void;
}

/** Reads a page of the index, anew when the query changes. @internal */
export function useListing(query: Partial<ListingQuery>): Listing {
  const api = useApi(catalogListingApiRef);
  const [state, setState] = useState<{
    response?: ListingResponse;
    error?: Error;
  }>({});
  const [loading, setLoading] = useState(true);
  const [attempt, setAttempt] = useState(0);
  const key = JSON.stringify(query);

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setLoading(true);
    api
      .list(JSON.parse(key), signal)
      .then(
        response => {
          if (!signal.aborted) {
            setState({ response });
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
  }, [api, key, attempt]);

  return { ...state, loading, retry: () => setAttempt(attempt + 1) };
}
