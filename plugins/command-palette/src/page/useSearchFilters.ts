import {
  SEARCH_PAGE_SIZE,
  searchGroupSchema,
} from '@waystone/plugin-search-common';
import type { SearchGroup } from '@waystone/plugin-search-common';
import { useSearchParams } from 'react-router-dom';

/** What the address of the search page says. @internal */
export interface SearchFilters {
  readonly query: string;
  readonly group?: SearchGroup;
  readonly kind?: string;
  readonly owner?: string;
  /** From 0 on. */
  readonly page: number;
  /** Whatever changes but the page leads to the first page. */
  change(changes: {
    readonly [key in 'query' | 'group' | 'kind' | 'owner' | 'page']?: string;
  }): void;
}

/** The filters of the search page, which are its address: it can be shared, and Back leads back. @internal */
export function useSearchFilters(): SearchFilters {
  const [params, setParams] = useSearchParams();
  const page = Number(params.get('page') ?? 1);
  return {
    query: params.get('query') ?? '',
    group: searchGroupSchema.safeParse(params.get('group')).data,
    kind: params.get('kind') ?? undefined,
    owner: params.get('owner') ?? undefined,
    page: Number.isInteger(page) && page > 0 ? page - 1 : 0,
    change: changes =>
      setParams(
        before => {
          const next = new URLSearchParams(before);
          next.delete('page');
          for (const [key, value] of Object.entries(changes)) {
            if (value) {
              next.set(key, value);
            } else {
              next.delete(key);
            }
          }
          return next;
        },
        // Letters of a question are no steps to go back by
        { replace: 'query' in changes },
      ),
  };
}

/** @internal */
export function firstOf(page: number): number {
  return page * SEARCH_PAGE_SIZE;
}
