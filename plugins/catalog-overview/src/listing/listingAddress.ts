import {
  DEFAULT_NAMESPACE,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import {
  LISTING_MINE,
  LISTING_PAGE_SIZE,
  listingFieldSchema,
  listingSortSchema,
} from '@waystone/plugin-catalog-overview-common';
import type {
  ListingField,
  ListingQuery,
  ListingSort,
} from '@waystone/plugin-catalog-overview-common';

/** What the index shows if the address names no kind. @internal */
export const DEFAULT_KIND = 'component';

/** In place of a kind. @internal */
export const ALL_KINDS = 'all';

/** What the index shows, as its address says it. @internal */
export interface ListingView {
  /** In lower case, or {@link ALL_KINDS}. */
  readonly kind: string;
  readonly q: string;
  readonly fields: Readonly<Record<ListingField, readonly string[]>>;
  readonly docs?: 'yes' | 'no';
  readonly problems: boolean;
  readonly starred: boolean;
  readonly sort: ListingSort;
  readonly order: 'asc' | 'desc';
  /** From 1. */
  readonly page: number;
}

/** @internal */
export function readListingView(params: URLSearchParams): ListingView {
  const docs = params.get('docs');
  const fields = Object.fromEntries(
    listingFieldSchema.options.map(field => [
      field,
      [...new Set(params.getAll(field).filter(Boolean))],
    ]),
  ) as Record<ListingField, string[]>;
  return {
    kind: params.get('kind')?.toLocaleLowerCase('en-US') || DEFAULT_KIND,
    q: params.get('q') ?? '',
    fields,
    docs: docs === 'yes' || docs === 'no' ? docs : undefined,
    problems: params.get('problems') === 'yes',
    starred: params.get('starred') === 'yes',
    sort: listingSortSchema.safeParse(params.get('sort')).data ?? 'name',
    order: params.get('order') === 'desc' ? 'desc' : 'asc',
    page: Math.max(1, Number.parseInt(params.get('page') ?? '1', 10) || 1),
  };
}

/** What is as it would be anyway is left out, so that equal views have equal addresses. @internal */
export function writeListingView(view: ListingView): URLSearchParams {
  const params = new URLSearchParams();
  const add = (key: string, value: string | undefined, usual?: string) => {
    if (value && value !== usual) {
      params.append(key, value);
    }
  };
  add('kind', view.kind, DEFAULT_KIND);
  add('q', view.q);
  for (const field of listingFieldSchema.options) {
    for (const value of view.fields[field]) {
      add(field, value);
    }
  }
  add('docs', view.docs);
  add('problems', view.problems ? 'yes' : undefined);
  add('starred', view.starred ? 'yes' : undefined);
  add('sort', view.sort, 'name');
  add('order', view.order, 'asc');
  add('page', String(view.page), '1');
  return params;
}

/** How many filters narrow the view, besides its kind. @internal */
export function countFilters(view: ListingView): number {
  return (
    Object.values(view.fields).filter(values => values.length > 0).length +
    [view.q, view.docs, view.problems, view.starred].filter(Boolean).length
  );
}

/**
 * What to ask the server.
 *
 * @param starred - the refs of the starred entities
 *
 * @internal
 */
export function toListingQuery(
  view: ListingView,
  starred: readonly string[],
): Partial<ListingQuery> {
  return {
    kind: view.kind === ALL_KINDS ? undefined : view.kind,
    q: view.q.slice(0, 200) || undefined,
    ...Object.fromEntries(
      Object.entries(view.fields).filter(([, values]) => values.length > 0),
    ),
    docs: view.docs,
    problems: view.problems ? 'yes' : undefined,
    entityRef: view.starred ? [...starred] : undefined,
    sort: view.sort,
    order: view.order,
    limit: LISTING_PAGE_SIZE,
    offset: (view.page - 1) * LISTING_PAGE_SIZE,
  };
}

/**
 * The address of the stock index (`?filters[kind]=component&filters[user]=owned`) as one of ours, so that links to it
 * go on working.
 *
 * @returns Undefined if it is none of the stock index.
 *
 * @internal
 */
export function convertStockAddress(
  params: URLSearchParams,
): URLSearchParams | undefined {
  const filters = new Map<string, string[]>();
  for (const [key, value] of params) {
    const name = /^filters\[(\w+)\](\[\d*\])?$/.exec(key)?.[1];
    if (name && value) {
      filters.set(name, [...(filters.get(name) ?? []), value]);
    }
  }
  if (filters.size === 0) {
    return undefined;
  }
  const [user] = filters.get('user') ?? [];
  const lower = (name: string) =>
    (filters.get(name) ?? []).map(value => value.toLocaleLowerCase('en-US'));
  const owners = (filters.get('owners') ?? []).map(ownerRef);
  return writeListingView({
    ...readListingView(new URLSearchParams()),
    kind: lower('kind')[0] ?? DEFAULT_KIND,
    q: filters.get('text')?.[0] ?? '',
    fields: {
      type: lower('type').filter(type => type !== 'all'),
      owner: user === 'owned' ? [LISTING_MINE] : owners,
      system: [],
      lifecycle: lower('lifecycles'),
      tier: [],
      tag: lower('tags'),
    },
    starred: user === 'starred',
  });
}

function ownerRef(value: string): string {
  try {
    return stringifyEntityRef(
      parseEntityRef(value, {
        defaultKind: 'group',
        defaultNamespace: DEFAULT_NAMESPACE,
      }),
    );
  } catch {
    // Nobody is called so, and the empty list will say that.
    return value;
  }
}
