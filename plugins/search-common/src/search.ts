import { z } from 'zod';

/** How many results a page of the search has. */
export const SEARCH_PAGE_SIZE = 25;

/** More results than this are neither counted nor reached by pages: a better question is. */
export const SEARCH_MOST_RESULTS = 500;

/** The groups that results are shown in. */
export const searchGroups = ['services', 'people', 'apis', 'docs'] as const;

export const searchGroupSchema = z.enum(searchGroups);

/** @see {@link searchGroups} */
export type SearchGroup = z.infer<typeof searchGroupSchema>;

const commaSeparated = z
  .string()
  .max(2_000)
  .transform(list =>
    list
      .split(',')
      .map(value => value.trim().toLocaleLowerCase('en-US'))
      .filter(Boolean),
  );

/** `GET /api/catalog/waystone/search`. */
export const searchQuerySchema = z.object({
  /** What is asked for. Of a long text only the beginning is read. */
  q: z.string().max(20_000).default(''),
  group: searchGroupSchema.optional(),
  /** Entity kinds in small letters, `operation` or `docs`, separated by commas. */
  kind: commaSeparated.optional(),
  /** Of which entity it is, or to which it belongs: parts of its ref, separated by commas. */
  entityKind: commaSeparated.optional(),
  entityNamespace: commaSeparated.optional(),
  entityName: commaSeparated.optional(),
  /** Entity refs of owners, separated by commas. */
  owner: commaSeparated.optional(),
  /** Types of documents, separated by commas: `entity`, `operation`, `docs`, or those of other plugins. */
  types: commaSeparated.optional(),
  /** Values of the field `lifecycle` and `spec.type`, for those who filter by them. */
  lifecycle: commaSeparated.optional(),
  specType: commaSeparated.optional(),
  /** Only the first of each group, as fast as can be: nothing is counted. */
  perGroup: z.coerce.number().int().min(1).max(20).optional(),
  cursor: z.coerce.number().int().min(0).max(SEARCH_MOST_RESULTS).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(SEARCH_PAGE_SIZE),
});

/** @see {@link searchQuerySchema} */
export type SearchQueryInput = z.input<typeof searchQuerySchema>;
/** @see {@link searchQuerySchema} */
export type SearchQuery = z.output<typeof searchQuerySchema>;

export const searchResultSchema = z.object({
  id: z.string(),
  /** `entity`, `operation`, `docs`, or what another plugin calls its documents. */
  type: z.string(),
  /** The kind of an entity in small letters; otherwise as the type. */
  kind: z.string(),
  group: searchGroupSchema,
  title: z.string(),
  /** What it is, in a sentence, or where in the docs it stands. */
  detail: z.string().optional(),
  /** The part of a longer text that matches. */
  excerpt: z.string().optional(),
  /** A path in the portal. */
  location: z.string(),
  entityRef: z.string().optional(),
  owner: z.string().optional(),
  specType: z.string().optional(),
  lifecycle: z.string().optional(),
});

/** @see {@link searchResultSchema} */
export type SearchResult = z.infer<typeof searchResultSchema>;

export const searchResponseSchema = z.object({
  items: z.array(searchResultSchema),
  /** At most {@link SEARCH_MOST_RESULTS}. */
  totalItems: z.number(),
  /** There are more than are counted. */
  more: z.boolean(),
  pageInfo: z.object({ nextCursor: z.string().optional() }),
});

/** @see {@link searchResponseSchema} */
export type SearchResponse = z.infer<typeof searchResponseSchema>;

/** A document that another plugin hands in, for instance a section of docs. */
export const searchDocumentInputSchema = z.object({
  title: z.string().max(2_000),
  text: z.string().max(2_000_000),
  location: z.string().max(2_000),
  entityRef: z.string().max(500).optional(),
  detail: z.string().max(500).optional(),
});

/** @see {@link searchDocumentInputSchema} */
export type SearchDocumentInput = z.infer<typeof searchDocumentInputSchema>;

/** `POST /api/catalog/waystone/search/documents/:type`. */
export const searchDocumentsInputSchema = z.object({
  /** Names one run of a collator. */
  run: z.string().min(1).max(100),
  documents: z.array(searchDocumentInputSchema).max(1_000),
  /** What the type had before this run, and the run did not bring, is removed. */
  last: z.boolean(),
});

/** @see {@link searchDocumentsInputSchema} */
export type SearchDocumentsInput = z.infer<typeof searchDocumentsInputSchema>;

/** Where a page begins, from the cursor of the page before. Undefined if it is none. */
export function parseSearchCursor(
  cursor: string | undefined,
): number | undefined {
  const parsed = searchQuerySchema.shape.cursor.safeParse(cursor);
  return parsed.success ? parsed.data : undefined;
}
