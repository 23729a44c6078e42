import { useMemo } from 'react';
import {
  docsSitesQuerySchema,
  type DocsSitesQuery,
} from '@waystone/plugin-techdocs-native-common';
import { useFilters } from '@waystone/ui';

/** The ways to look at all docs. */
export const DOCS_VIEWS = [
  'system',
  'changed',
  'reads',
  'stale',
  'mine',
] as const;

/** See {@link DOCS_VIEWS}. */
export type DocsView = (typeof DOCS_VIEWS)[number];

/** Rows of one page. */
export const PAGE_SIZE = 25;

type Sort = DocsSitesQuery['sort'];

const SORTS: Record<DocsView, Sort> = {
  system: 'system',
  changed: 'changed',
  reads: 'reads',
  stale: 'changed',
  mine: 'title',
};

/** What the address of the docs home says. */
export interface DocsHomeState {
  readonly view: DocsView;
  readonly sort: Sort;
  readonly q: string;
  readonly system?: string;
  readonly owner?: string;
  /** From 1. */
  readonly page: number;
}

/** The state of the docs home, which is in its address: a link shows the same list. */
export function useDocsHomeState() {
  const { change, clear, params } = useFilters('page');
  const state = useMemo((): DocsHomeState => {
    const view = DOCS_VIEWS.find(name => name === params.get('view'));
    const sort = docsSitesQuerySchema.shape.sort
      .optional()
      .catch(undefined)
      .parse(params.get('sort') ?? undefined);
    const page = Number(params.get('page') ?? 1);
    return {
      view: view ?? 'system',
      sort: params.has('sort') && sort ? sort : SORTS[view ?? 'system'],
      q: params.get('q') ?? '',
      system: params.get('system') ?? undefined,
      owner: params.get('owner') ?? undefined,
      page: Number.isInteger(page) && page > 0 ? page : 1,
    };
  }, [params]);

  return { state, change, clear, params };
}

/** What the backend is asked for a state. */
export function queryOf(state: DocsHomeState): Partial<DocsSitesQuery> {
  const { owner, page, q, sort, system, view } = state;
  return {
    view: view === 'mine' || view === 'stale' ? view : 'all',
    sort,
    q: q.trim().slice(0, 200) || undefined,
    system,
    owner,
    offset: (page - 1) * PAGE_SIZE,
    limit: PAGE_SIZE,
  };
}
