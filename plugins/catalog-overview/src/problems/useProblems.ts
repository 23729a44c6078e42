import { useApi } from '@backstage/frontend-plugin-api';
import type {
  ProblemItem,
  ProblemsResponse,
} from '@waystone/plugin-catalog-overview-common';
import { useEffect, useState } from 'react';
import { catalogProblemsApiRef } from './CatalogProblemsClient';
import type { ProblemFilters } from './CatalogProblemsClient';

/** A list of problems that grows page by page. */
export interface Problems {
  /** The last answer; the one before stays while the filters change. */
  readonly response?: ProblemsResponse;
  readonly items: readonly ProblemItem[];
  readonly loading: boolean;
  readonly error?: Error;
  more(): void;
  /** Reads again from the first page. */
  reload(): void;
}

/** Reads the problems that the signed-in person may see, anew when the filters change. */
export function useProblems(filters: ProblemFilters): Problems {
  const { kind, owner, q, severity } = filters;
  const api = useApi(catalogProblemsApiRef);
  const [state, setState] = useState<{
    response?: ProblemsResponse;
    items: readonly ProblemItem[];
    error?: Error;
  }>({ items: [] });
  const [loading, setLoading] = useState(true);
  const [wanted, setWanted] = useState({ list: '', cursor: 0 });
  const [attempt, setAttempt] = useState(0);
  const list = JSON.stringify([owner, severity, kind, q]);
  // A page of another list is the first page of this one.
  const cursor = wanted.list === list ? wanted.cursor : 0;

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setLoading(true);
    api
      .list({ owner, severity, kind, q, cursor }, signal)
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
  }, [api, owner, severity, kind, q, cursor, attempt]);

  const { nextCursor } = state.response?.pageInfo ?? {};
  return {
    ...state,
    loading,
    more: () => {
      if (nextCursor) {
        setWanted({ list, cursor: Number(nextCursor) });
      }
    },
    reload: () => {
      setWanted({ list, cursor: 0 });
      setAttempt(attempt + 1);
    },
  };
}
