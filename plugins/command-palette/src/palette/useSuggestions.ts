import { useApi } from '@backstage/frontend-plugin-api';
import type { SearchResult } from '@waystone/plugin-search-common';
import { useEffect, useState } from 'react';
import { searchApiRef } from '../api/SearchClient';

/** Milliseconds without another letter, after which the server is asked. */
const PAUSE = 90;

const PER_GROUP = 5;

/** What the server suggests. @internal */
export interface Suggestions {
  /** The question that the results answer. */
  readonly question: string;
  readonly results: readonly SearchResult[];
  /** Another question is under way. */
  readonly loading: boolean;
  readonly error?: Error;
  retry(): void;
}

/** Asks as one types. The last answer stays until there is another. @internal */
export function useSuggestions(question: string): Suggestions {
  const searchApi = useApi(searchApiRef);
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<{
    question: string;
    results: readonly SearchResult[];
    error?: Error;
  }>({ question: '', results: [] });

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    if (!question) {
      setState({ question, results: [] });
      return undefined;
    }
    const timer = setTimeout(() => {
      searchApi.search({ q: question, perGroup: PER_GROUP }, signal).then(
        ({ items }) => {
          if (!signal.aborted) {
            setState({ question, results: items });
          }
        },
        error => {
          if (!signal.aborted) {
            setState({ question, results: [], error });
          }
        },
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [searchApi, question, attempt]);

  return {
    ...state,
    loading: state.question !== question,
    retry: () => {
      setState({ question: '', results: [] });
      setAttempt(attempt + 1);
    },
  };
}
