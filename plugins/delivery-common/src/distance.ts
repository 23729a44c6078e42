import { z } from 'zod';
import { commitSchema } from './history';

/** A commit that one environment has and another has not. @public */
export const listedCommitSchema = commitSchema.extend({ revision: z.string() });

/** The query of `GET /services/:namespace/:kind/:name/commits`. @public */
export const distanceQuerySchema = z.strictObject({
  /** The environment that has them. */
  from: z.string().min(1).max(100),
  /** The environment that has not. */
  to: z.string().min(1).max(100),
});

/** `GET /services/:namespace/:kind/:name/commits` @public */
export const distanceResponseSchema = z.object({
  /** Newest first; not all, if there are many. */
  items: z.array(listedCommitSchema),
  /** Undefined if it cannot be known. */
  totalItems: z.number().int().optional(),
  /** Why it cannot be known, in a sentence. */
  reason: z.string().optional(),
});

/** @public */
export type ListedCommit = z.infer<typeof listedCommitSchema>;
/** @public */
export type DistanceResponse = z.infer<typeof distanceResponseSchema>;
