import {
  SEARCH_PAGE_SIZE,
  searchGroupSchema,
} from '@waystone/plugin-search-common';
import type { SearchGroup } from '@waystone/plugin-search-common';
import { useFilters } from '@waystone/ui';

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
  const { change, params } = useFilters('page');
  const page = Number(params.get('page') ?? 1);
  return {
    query: params.get('query') ?? '',
    group: searchGroupSchema.safeParse(params.get('group')).data,
    kind: params.get('kind') ?? undefined,
    owner: params.get('owner') ?? undefined,
    page: Number.isInteger(page) && page > 0 ? page - 1 : 0,
    // Letters of a question are no steps to go back by
    change: changes => change({ ...changes }, !('query' in changes)),
  };
}

/** @internal */
export function firstOf(page: number): number {
  return page * SEARCH_PAGE_SIZE;
}
