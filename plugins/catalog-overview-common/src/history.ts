import { createPermission } from '@backstage/plugin-permission-common';
import { z } from 'zod';
import { sourceCommitSchema } from './problems';

/** How many changes a page holds if nothing else is asked for. @public */
export const HISTORY_PAGE_SIZE = 30;

/**
 * To see the history of entities that are gone. That of an entity that is there needs no more than to see it.
 *
 * @public
 */
export const catalogHistoryDeletedReadPermission = createPermission({
  name: 'catalog.history.deleted.read',
  attributes: { action: 'read' },
});

/** The query of `GET /waystone/history/:kind/:namespace/:name`. @public */
export const historyQuerySchema = z.object({
  /** Only changes of this field, such as `spec.lifecycle`. */
  field: z.string().max(500).optional(),
  /** Also changes of nothing but what the catalog notes for itself. */
  technical: z.stringbool().default(false),
  /** Only this one. */
  change: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(HISTORY_PAGE_SIZE),
  /** The `nextCursor` of the page before. */
  cursor: z.coerce.number().int().min(1).optional(),
});

/** What became of one field, or of one entry of a list. @public */
export const historyFieldChangeSchema = z.object({
  /** Such as `spec.owner` or `metadata.annotations.waystone.dev/tier`. */
  field: z.string(),
  /** Of an entry of a list, `added` and `removed` only. */
  action: z.enum(['added', 'changed', 'removed']),
  /** Whether it is an entry of a list. */
  entry: z.boolean().optional(),
  /** Of long texts, the lines that differ. */
  before: z.string().optional(),
  after: z.string().optional(),
  /** Of long texts, where these lines begin. */
  line: z.number().int().optional(),
  /** Whether there was more than is kept. */
  cut: z.boolean().optional(),
});

/** One change of an entity. @public */
export const historyItemSchema = z.object({
  id: z.number().int(),
  /** RFC 3339. */
  at: z.string(),
  /** `existing`: it was there when the history began. */
  action: z.enum(['created', 'changed', 'deleted', 'existing']),
  /** Whether it is of nothing but what the catalog notes for itself. */
  technical: z.boolean(),
  changes: z.array(historyFieldChangeSchema),
  /** How many more fields changed than are kept. */
  more: z.number().int(),
  /** The file it came from, if it is somewhere to look at. */
  sourceUrl: z.string().optional(),
  /** The last commit of the file at that time, if the source is a forge and it could be found. */
  commit: sourceCommitSchema.optional(),
});

/** @public */
export const historyResponseSchema = z.object({
  entityRef: z.string(),
  /** Whether the catalog still has it. */
  exists: z.boolean(),
  items: z.array(historyItemSchema),
  totalItems: z.number().int(),
  pageInfo: z.object({ nextCursor: z.string().optional() }),
  /** The fields that changed, most often first, whatever the filters. */
  fields: z.array(z.object({ field: z.string(), count: z.number().int() })),
  /** How many changes are left out because they are technical. */
  technical: z.number().int(),
});

/** The query of `GET /waystone/history`: entities that are gone. @public */
export const deletedEntitiesQuerySchema = z.object({
  /** Only those that have this in their ref. */
  q: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(HISTORY_PAGE_SIZE),
  /** The `nextCursor` of the page before. */
  cursor: z.coerce.number().int().min(1).optional(),
});

/** @public */
export const deletedEntitiesResponseSchema = z.object({
  items: z.array(
    z.object({
      entityRef: z.string(),
      /** RFC 3339. */
      deletedAt: z.string(),
      /** Of the change that deleted it. */
      id: z.number().int(),
    }),
  ),
  pageInfo: z.object({ nextCursor: z.string().optional() }),
});

/** @public */
export type HistoryQuery = z.infer<typeof historyQuerySchema>;
/** @public */
export type HistoryFieldChange = z.infer<typeof historyFieldChangeSchema>;
/** @public */
export type HistoryItem = z.infer<typeof historyItemSchema>;
/** @public */
export type HistoryResponse = z.infer<typeof historyResponseSchema>;
/** @public */
export type DeletedEntitiesQuery = z.infer<typeof deletedEntitiesQuerySchema>;
/** @public */
export type DeletedEntitiesResponse = z.infer<
  typeof deletedEntitiesResponseSchema
>;
