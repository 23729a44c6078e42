import { z } from 'zod';

/** The channel of the signal that says that something changed. @public */
export const OBSERVABILITY_CHANNEL = 'observability';

/** How current a piece of data is. @public */
export const freshnessSchema = z.object({
  /** The system and instance it comes from, such as `prometheus/main`. */
  source: z.string(),
  /** When the source last confirmed it. */
  observedAt: z.iso.datetime().optional(),
  /** Whether it may be out of date. */
  stale: z.boolean(),
  /** Why it is stale, in a sentence. */
  reason: z.string().optional(),
});

/** @public */
export type Freshness = z.infer<typeof freshnessSchema>;
