import { z } from 'zod';
import { severityCountsSchema } from './severity';

/** The query of `GET /trend`. @public */
export const trendQuerySchema = z.strictObject({
  type: z.enum(['violation', 'vulnerability', 'misconfiguration']),
  /** Ref of an entity. */
  entity: z.string().min(1).max(300).optional(),
  /** Ref of an owner. */
  owner: z.string().min(1).max(300).optional(),
  days: z.coerce.number().int().min(1).max(400).default(90),
});

/** A day. @public */
export const trendPointSchema = z.object({
  /** Such as `2026-01-31`. */
  day: z.string(),
  severities: severityCountsSchema,
  overdue: z.number().int(),
});

/** `GET /trend` @public */
export const trendResponseSchema = z.object({
  /** The oldest first. Days without numbers are left out. */
  items: z.array(trendPointSchema),
});

/** @public */
export type TrendQuery = z.infer<typeof trendQuerySchema>;
/** @public */
export type TrendPoint = z.infer<typeof trendPointSchema>;
/** @public */
export type TrendResponse = z.infer<typeof trendResponseSchema>;
