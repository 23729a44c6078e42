import { z } from 'zod';
import { initiatorSchema } from './deployment';

/** How many entries a page of the history has, unless asked for otherwise. @public */
export const HISTORY_PAGE_SIZE = 25;

/** Who made a change, and why. @public */
export const commitSchema = z.object({
  author: z.string().optional(),
  /** The first line. */
  message: z.string().optional(),
  at: z.iso.datetime().optional(),
  /** For people. */
  url: z.string().optional(),
});

/** One version that got to an environment, or was meant to. @public */
export const historyEntrySchema = z.object({
  id: z.string(),
  environment: z.string().optional(),
  /** What the source calls the deployment. */
  name: z.string(),
  /** The tag of the service's image, if it is known. */
  version: z.string().optional(),
  images: z.array(z.string()),
  revision: z.string().optional(),
  /** The revision that was there before. */
  previousRevision: z.string().optional(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().optional(),
  outcome: z.enum(['running', 'succeeded', 'failed']),
  /** In the source's words. */
  message: z.string().optional(),
  initiator: initiatorSchema.optional(),
  /** The commit, if the source knows it. */
  commit: commitSchema.optional(),
});

/** The query of `GET /services/:namespace/:kind/:name/history`. @public */
export const historyQuerySchema = z.strictObject({
  environment: z.string().max(100).optional(),
  outcome: z.enum(['running', 'succeeded', 'failed']).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(HISTORY_PAGE_SIZE),
  /** The last entry's time and id, as the page before gave them. */
  cursor: z.string().max(100).optional(),
});

/** `GET /services/:namespace/:kind/:name/history` @public */
export const historyResponseSchema = z.object({
  items: z.array(historyEntrySchema),
  totalItems: z.number().int(),
  pageInfo: z.object({ nextCursor: z.string().optional() }),
});

/** @public */
export type Commit = z.infer<typeof commitSchema>;
/** @public */
export type HistoryEntry = z.infer<typeof historyEntrySchema>;
/** @public */
export type HistoryQuery = z.infer<typeof historyQuerySchema>;
/** @public */
export type HistoryResponse = z.infer<typeof historyResponseSchema>;
