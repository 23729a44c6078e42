import { z } from 'zod';
import { freshnessSchema } from './deployment';

/** A field that is not as Git has it. @public */
export const changedFieldSchema = z.object({
  /** Such as `spec.template.spec.containers[0].image`. */
  path: z.string(),
  /** In Git; undefined if it is not there. JSON, or `masked` for what may be secret. */
  desired: z.string().optional(),
  /** In the cluster; undefined if it is not there. */
  live: z.string().optional(),
  /** Whether the values are hidden because they may be secret. */
  masked: z.boolean(),
});

/** An object that is not as Git has it. @public */
export const driftedObjectSchema = z.object({
  group: z.string().optional(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  /** `added`: only in the cluster. `missing`: only in Git. */
  change: z.enum(['changed', 'added', 'missing']),
  fields: z.array(changedFieldSchema),
  /** How many more fields there are than are listed. */
  moreFields: z.number().int(),
});

/** `GET /services/:namespace/:kind/:name/environments/:environment/diff` @public */
export const driftResponseSchema = z.object({
  items: z.array(driftedObjectSchema),
  totalItems: z.number().int(),
  freshness: freshnessSchema,
});

/** @public */
export type ChangedField = z.infer<typeof changedFieldSchema>;
/** @public */
export type DriftedObject = z.infer<typeof driftedObjectSchema>;
/** @public */
export type DriftResponse = z.infer<typeof driftResponseSchema>;
