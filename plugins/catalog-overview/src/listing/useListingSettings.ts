import { storageApiRef, useApi } from '@backstage/frontend-plugin-api';
import type { StorageApi } from '@backstage/frontend-plugin-api';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { z } from 'zod';

/** The columns that can be left out. The name always shows. @internal */
export const LISTING_COLUMNS = [
  'kind',
  'type',
  'owner',
  'system',
  'lifecycle',
  'tier',
  'tags',
  'docs',
  'problems',
] as const;

/** @internal */
export type ListingColumn = (typeof LISTING_COLUMNS)[number];

/** What shows before somebody chooses. @internal */
export const DEFAULT_COLUMNS: readonly ListingColumn[] = [
  'type',
  'owner',
  'system',
  'lifecycle',
  'tier',
  'docs',
  'problems',
];

/** What a kind of the catalog's model can have; kinds of one's own may have everything. */
const COLUMNS_OF_KIND: Readonly<Record<string, readonly ListingColumn[]>> = {
  user: ['kind', 'tags', 'problems'],
  group: ['kind', 'type', 'tags', 'problems'],
  location: ['kind', 'type', 'problems'],
  domain: ['kind', 'type', 'owner', 'system', 'tags', 'docs', 'problems'],
  system: ['kind', 'type', 'owner', 'system', 'tags', 'docs', 'problems'],
  template: ['kind', 'type', 'owner', 'lifecycle', 'tags', 'docs', 'problems'],
};

/** The chosen columns that say something of a kind. @internal */
export function columnsOf(
  kind: string,
  chosen: readonly ListingColumn[],
): readonly ListingColumn[] {
  const possible = COLUMNS_OF_KIND[kind];
  return possible ? chosen.filter(column => possible.includes(column)) : chosen;
}

/** More can't be told apart. */
const MOST_VIEWS = 30;

const columnsSchema = z.array(z.enum(LISTING_COLUMNS)).catch([]);

const viewsSchema = z
  .array(
    z.object({
      name: z.string().min(1).max(60),
      /** The address without the question mark. */
      query: z.string().max(4000),
    }),
  )
  .max(MOST_VIEWS);

/** A view that a person gave a name. @internal */
export type SavedView = z.infer<typeof viewsSchema>[number];

/** What the portal keeps for the signed-in person, on the server. @internal */
export interface ListingSettings {
  readonly columns: readonly ListingColumn[];
  readonly views: readonly SavedView[];
  readonly mayAdd: boolean;
  setColumns(columns: readonly ListingColumn[]): void;
  /** A view of the same name is replaced. */
  saveView(view: SavedView): Promise<void>;
  removeView(name: string): Promise<void>;
}

/** @internal */
export function useListingSettings(): ListingSettings {
  const storage = useApi(storageApiRef);
  const bucket = useMemo(() => storage.forBucket('catalog-index'), [storage]);
  const [columns, setColumns] = useStored(bucket, 'columns');
  const [stored, setStored] = useStored(bucket, 'views');
  const views = viewsSchema.safeParse(stored).data ?? [];
  return {
    columns:
      columns === undefined ? DEFAULT_COLUMNS : columnsSchema.parse(columns),
    views,
    mayAdd: views.length < MOST_VIEWS,
    setColumns: chosen => {
      void setColumns(LISTING_COLUMNS.filter(name => chosen.includes(name)));
    },
    saveView: view =>
      setStored([...views.filter(({ name }) => name !== view.name), view]),
    removeView: name => setStored(views.filter(view => view.name !== name)),
  };
}

function useStored(
  bucket: StorageApi,
  key: string,
): [unknown, (value: ListingColumn[] | SavedView[]) => Promise<void>] {
  const [value, setValue] = useState<unknown>(() => bucket.snapshot(key).value);
  useEffect(() => {
    const subscription = bucket
      .observe$(key)
      .subscribe(snapshot => setValue(snapshot.value));
    return () => subscription.unsubscribe();
  }, [bucket, key]);
  const set = useCallback(
    (next: ListingColumn[] | SavedView[]) => bucket.set(key, next),
    [bucket, key],
  );
  return [value, set];
}
