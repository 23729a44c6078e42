import { useEffect, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type { DocsSitesResponse } from '@waystone/plugin-techdocs-native-common';
import { docsSitesApiRef } from '../api/DocsSitesClient';
import { queryOf, type DocsHomeState } from './useDocsHomeState';

/** The docs that a state of the home asks for; the last answer stays while the next one is on its way. */
export function useDocsSites(state: DocsHomeState) {
  const api = useApi(docsSitesApiRef);
  const [response, setResponse] = useState<DocsSitesResponse>();
  const [error, setError] = useState<Error>();
  const [loading, setLoading] = useState(true);
  const [attempt, setAttempt] = useState(0);
  const query = JSON.stringify(queryOf(state));

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setLoading(true);
    const read = async () => {
      try {
        const answer = await api.list(JSON.parse(query), signal);
        if (signal.aborted) return;
        setResponse(answer);
        setError(undefined);
      } catch (problem) {
        if (signal.aborted) return;
        setError(problem as Error);
      }
      setLoading(false);
    };
    void read();
    return () => controller.abort();
  }, [api, query, attempt]);

  return { response, error, loading, reload: () => setAttempt(attempt + 1) };
}
