import { z } from 'zod';

/** How many entities a page of the index holds if nothing else is asked for. @public */
export const LISTING_PAGE_SIZE = 25;

/** How many rows an export holds at most. @public */
export const LISTING_MOST_EXPORTED = 100_000;

/** How many entities can be asked for by name, such as the starred ones. @public */
export const LISTING_MOST_NAMED = 1000;

/** As the value of a filter: entities that have none. @public */
export const LISTING_NONE = '(none)';

/** As the value of `owner`: the signed-in person and her groups. @public */
export const LISTING_MINE = '(mine)';

/** How many values one filter may have. */
const MOST_VALUES = 50;

const valueSchema = z
  .string()
  .max(500)
  .transform(value => value.trim().toLocaleLowerCase('en-US'))
  .pipe(z.string().min(1));

/** A value, or several; `?owner=a&owner=b`. */
const valuesSchema = z
  .union([valueSchema.transform(value => [value]), z.array(valueSchema)])
  .pipe(z.array(valueSchema).max(MOST_VALUES))
  .default([]);

/** What restricts the index. Several values of one field: any of them; of `tag`: all of them. @public */
export const listingFilterSchema = z.object({
  /** In lower case; without it, entities of every kind. */
  kind: valueSchema.optional(),
  type: valuesSchema,
  /** Entity refs, {@link LISTING_MINE} or {@link LISTING_NONE}. */
  owner: valuesSchema,
  /** Entity refs, or {@link LISTING_NONE}. */
  system: valuesSchema,
  lifecycle: valuesSchema,
  tier: valuesSchema,
  tag: valuesSchema,
  namespace: valuesSchema,
  docs: z.enum(['yes', 'no']).optional(),
  /** Only entities with problems that the caller may know of. */
  problems: z.literal('yes').optional(),
  /** Every word must be in the name or the title. */
  q: z.string().max(200).optional(),
  /** Only these, such as the starred ones. */
  entityRef: z
    .union([valueSchema.transform(value => [value]), z.array(valueSchema)])
    .pipe(z.array(valueSchema).max(LISTING_MOST_NAMED))
    .optional(),
});

/** What the index can be sorted by. @public */
export const listingSortSchema = z.enum([
  'name',
  'kind',
  'type',
  'owner',
  'system',
  'lifecycle',
  'tier',
]);

/** The query of `GET /waystone/listing`; also as the body of `POST`, for long lists of names. @public */
export const listingQuerySchema = listingFilterSchema.extend({
  sort: listingSortSchema.default('name'),
  order: z.enum(['asc', 'desc']).default('asc'),
  limit: z.coerce.number().int().min(1).max(200).default(LISTING_PAGE_SIZE),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
});

/** A person, a team or a system that an entity names. @public */
export const listingReferenceSchema = z.object({
  /** The full entity ref, in lower case. */
  entityRef: z.string(),
  /** Its title, if the caller may see it; otherwise its name. */
  title: z.string(),
});

/** A row. @public */
export const listingItemSchema = z.object({
  /** The full entity ref, in lower case. */
  entityRef: z.string(),
  kind: z.string(),
  namespace: z.string(),
  /** As written in the file. */
  name: z.string(),
  title: z.string(),
  type: z.string().optional(),
  /** The first of its owners. */
  owner: listingReferenceSchema.optional(),
  otherOwners: z.array(listingReferenceSchema).optional(),
  /** The system, or the domain of a system. */
  system: listingReferenceSchema.optional(),
  lifecycle: z.string().optional(),
  tier: z.string().optional(),
  tags: z.array(z.string()),
  docs: z.boolean(),
});

/** @public */
export const listingResponseSchema = z.object({
  items: z.array(listingItemSchema),
  /** How many match the filters. */
  totalItems: z.number().int(),
  /** Of all that the caller may see, whatever the filters; the most frequent first. */
  kinds: z.array(z.object({ kind: z.string(), count: z.number().int() })),
});

/** The query of `GET /waystone/listing/problems`. @public */
export const listingProblemsQuerySchema = z.object({
  entityRef: z
    .union([valueSchema.transform(value => [value]), z.array(valueSchema)])
    .pipe(z.array(valueSchema).max(200)),
});

/** @public */
export const listingProblemsResponseSchema = z.object({
  /** Without entities of whose problems the caller may not know. */
  items: z.array(
    z.object({
      /** The full entity ref, in lower case. */
      entityRef: z.string(),
      count: z.number().int(),
    }),
  ),
});

/** What a picker chooses from. @public */
export const listingFieldSchema = z.enum([
  'type',
  'owner',
  'system',
  'lifecycle',
  'tier',
  'tag',
]);

/** The query of `GET /waystone/listing/values/:field`. @public */
export const listingValuesQuerySchema = listingFilterSchema.extend({
  /** Only values with this in them, or in the title of the owner or system. */
  search: z.string().max(200).optional(),
  valuesLimit: z.coerce.number().int().min(1).max(200).default(50),
});

/** @public */
export const listingValuesResponseSchema = z.object({
  /** The most frequent first. */
  items: z.array(
    z.object({
      /** As in the filter; {@link LISTING_NONE} for entities without one. */
      value: z.string(),
      title: z.string(),
      /** How many entities have it, of those that match the filters of the other fields. */
      count: z.number().int(),
    }),
  ),
  /** How many values there are. */
  totalItems: z.number().int(),
});

/** @public */
export type ListingFilter = z.infer<typeof listingFilterSchema>;
/** @public */
export type ListingSort = z.infer<typeof listingSortSchema>;
/** @public */
export type ListingQuery = z.infer<typeof listingQuerySchema>;
/** @public */
export type ListingReference = z.infer<typeof listingReferenceSchema>;
/** @public */
export type ListingItem = z.infer<typeof listingItemSchema>;
/** @public */
export type ListingResponse = z.infer<typeof listingResponseSchema>;
/** @public */
export type ListingProblemsQuery = z.infer<typeof listingProblemsQuerySchema>;
/** @public */
export type ListingProblemsResponse = z.infer<
  typeof listingProblemsResponseSchema
>;
/** @public */
export type ListingField = z.infer<typeof listingFieldSchema>;
/** @public */
export type ListingValuesQuery = z.infer<typeof listingValuesQuerySchema>;
/** @public */
export type ListingValuesResponse = z.infer<typeof listingValuesResponseSchema>;
