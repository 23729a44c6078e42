import { z } from 'zod';

/** How a promise is kept, worst first. @public */
export const sloStateSchema = z.enum([
  /** More failed than the window allows. */
  'exhausted',
  /** At this pace the budget is gone in a few days at most. */
  'burning',
  /** Less than a quarter of the budget is left, or it goes faster than it comes back. */
  'at-risk',
  /** Nothing is known of it, such as without any request. */
  'unknown',
  'met',
]);

/** What a service promises. @public */
export const objectiveSchema = z.object({
  /** `availability`: requests that do not fail. `latency`: requests that are fast enough. */
  name: z.enum(['availability', 'latency']),
  /** The share of good requests, such as 0.999. */
  target: z.number().gt(0).lt(1),
  /** How long a fast request may take; of latency only. */
  thresholdSeconds: z.number().optional(),
  /** Over how many days it counts. */
  windowDays: z.number().int(),
  /** Who said so: the entity, the rules of its application, or the configuration. */
  source: z.enum(['annotation', 'application', 'default']),
});

/** How fast the budget is spent: 1 spends it exactly within the window. @public */
export const burnRateSchema = z.object({
  /** Such as `1h`. */
  window: z.string(),
  /** Null without any request. */
  rate: z.number().nullable(),
});

/** A promise, and how it is kept. @public */
export const sloSchema = objectiveSchema.extend({
  state: sloStateSchema,
  /** The share of good requests in the window; null without any. */
  good: z.number().nullable(),
  /** How many requests there were in the window. */
  requests: z.number().nullable(),
  /** The share of the allowed failures that did not happen yet; below 0 if there were more. */
  budgetLeft: z.number().nullable(),
  burnRates: z.array(burnRateSchema),
});

/** @public */
export type SloState = z.infer<typeof sloStateSchema>;
/** @public */
export type Objective = z.infer<typeof objectiveSchema>;
/** @public */
export type BurnRate = z.infer<typeof burnRateSchema>;
/** @public */
export type Slo = z.infer<typeof sloSchema>;
