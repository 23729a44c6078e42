import { useApi } from '@backstage/frontend-plugin-api';
import { SEARCH_MOST_RESULTS } from '@waystone/plugin-search-common';
import type { SearchResponse } from '@waystone/plugin-search-common';
import { useEffect, useState } from 'react';
import { searchApiRef } from '../api/SearchClient';
import { firstOf } from './useSearchFilters';
import type { SearchFilters } from './useSearchFilters';

const PAUSE = 150;

/** @internal */
export interface SearchResults {
  /** The last answer; it stays while the next one is on its way. */
  readonly response?: SearchResponse;
  readonly loading: boolean;
  readonly error?: Error;
  retry(): void;
}

/** What the search page shows. @internal */
export function useSearchResults(filters: SearchFilters): SearchResults {
  const { group, kind, owner, page, query } = filters;
  const searchApi = useApi(searchApiRef);
  const [state, setState] = useState<{
    response?: SearchResponse;
    error?: Error;
  }>({});
  const [loading, setLoading] = useState(true);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setLoading(true);
    const timer = setTimeout(() => {
      searchApi
        .search(
          {
            q: query,
            group,
            kind,
            owner,
            cursor: Math.min(firstOf(page), SEARCH_MOST_RESULTS),
          },
          signal,
        )
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
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [searchApi, query, group, kind, owner, page, attempt]);

  return { ...state, loading, retry: () => setAttempt(attempt + 1) };
}
