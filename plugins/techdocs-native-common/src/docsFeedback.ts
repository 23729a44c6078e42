import { z } from 'zod';
import { docsFeedbackSchema } from './docsBuild';

/** What an owner asks of `GET /api/techdocs/native/feedback/:namespace/:kind/:name`. */
export const docsFeedbackQuerySchema = z.object({
  /** `open`: not yet dealt with. */
  state: z.enum(['open', 'handled', 'all']).default('open'),
  /** Of one page only. */
  page: z.string().max(500).optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(25),
});

/** See {@link docsFeedbackQuerySchema}. */
export type DocsFeedbackQuery = z.infer<typeof docsFeedbackQuerySchema>;

/** Feedback as an owner reads it. */
export const docsFeedbackItemSchema = docsFeedbackSchema.extend({
  id: z.string(),
  createdAt: z.string(),
  userRef: z.string(),
  /** When an owner marked it as dealt with. ISO 8601 */
  handledAt: z.string().optional(),
  handledBy: z.string().optional(),
});

/** See {@link docsFeedbackItemSchema}. */
export type DocsFeedbackItem = z.infer<typeof docsFeedbackItemSchema>;

/** A page of feedback, newest first, with the counts of the whole site. */
export const docsFeedbackReportSchema = z.object({
  items: z.array(docsFeedbackItemSchema),
  /** That fit the query. */
  totalItems: z.number(),
  helpful: z.number(),
  unhelpful: z.number(),
  open: z.number(),
  /** Of each page with feedback, those with the most unhelpful answers first. */
  pages: z.array(
    z.object({
      page: z.string(),
      helpful: z.number(),
      unhelpful: z.number(),
    }),
  ),
});

/** See {@link docsFeedbackReportSchema}. */
export type DocsFeedbackReport = z.infer<typeof docsFeedbackReportSchema>;

/**
 * Marks feedback as dealt with, or as open again:
 * `PUT /api/techdocs/native/feedback/:namespace/:kind/:name/:id/handled`. For owners; answered with 204.
 */
export const docsFeedbackHandledSchema = z.object({ handled: z.boolean() });

/** See {@link docsFeedbackHandledSchema}. */
export type DocsFeedbackHandled = z.infer<typeof docsFeedbackHandledSchema>;

/** What `GET /api/techdocs/native/feedback` is asked. */
export const docsFeedbackWaitingQuerySchema = z.object({
  /** Docs in the answer. */
  limit: z.coerce.number().int().min(1).max(100).default(10),
  /** Only docs of this owner, a full entity ref; nothing if the person asking does not belong to it. */
  owner: z.string().max(500).optional(),
});

/** See {@link docsFeedbackWaitingQuerySchema}. */
export type DocsFeedbackWaitingQuery = z.infer<
  typeof docsFeedbackWaitingQuerySchema
>;

/** Docs that the person asking owns and whose feedback nobody has dealt with, the newest first. */
export const docsFeedbackWaitingSchema = z.object({
  items: z.array(
    z.object({
      entityRef: z.string(),
      title: z.string(),
      /** How many readers wait. */
      open: z.number(),
      /** When the last of them wrote. ISO 8601 */
      latestAt: z.string(),
    }),
  ),
  totalItems: z.number(),
});

/** See {@link docsFeedbackWaitingSchema}. */
export type DocsFeedbackWaiting = z.infer<typeof docsFeedbackWaitingSchema>;
