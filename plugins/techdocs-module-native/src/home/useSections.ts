import { useEffect, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { searchApiRef } from '@backstage/plugin-search-react';
import type { SearchResult } from '@backstage/plugin-search-common';

const SHOWN = 8;

/** Sections of pages that match. */
export interface Sections {
  readonly results?: readonly SearchResult[];
  readonly error?: Error;
}

/** Searches the pages of all docs by section; nothing while there is nothing to search. */
export function useSections(term: string): Sections {
  const search = useApi(searchApiRef);
  const [sections, setSections] = useState<Sections>({});
  const words = term.trim().slice(0, 200);

  useEffect(() => {
    setSections({});
    if (!words) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    const read = async () => {
      try {
        const { results } = await search.query(
          { term: words, types: ['techdocs'], pageLimit: SHOWN },
          { signal },
        );
        if (!signal.aborted) setSections({ results });
      } catch (error) {
        if (!signal.aborted) setSections({ error: error as Error });
      }
    };
    void read();
    return () => controller.abort();
  }, [search, words]);
  return sections;
}
