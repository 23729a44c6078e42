import { z } from 'zod';
import { freshnessSchema } from './deployment';

/** What is wrong with a deployment, as far as it is known. @public */
export const causeSchema = z.enum([
  // It could not be made or applied
  'manifests-broken',
  'repository-unreachable',
  'specification-invalid',
  'policy-denied',
  'quota-exceeded',
  'immutable-field',
  'hook-failed',
  'sync-failed',
  // Its pods do not get to run
  'image-not-pulled',
  'secret-missing',
  'config-missing',
  'volume-pending',
  'unschedulable',
  'pods-refused',
  'container-not-started',
  'init-container-failed',
  // They run, and not well
  'out-of-memory',
  'certificate-expired',
  'dependency-unreachable',
  'crash-loop',
  'liveness-probe-failed',
  'readiness-probe-failed',
  'evicted',
  // What is known of the whole only
  'rollout-stuck',
  'object-degraded',
  'objects-missing',
  'out-of-sync',
  'in-progress',
]);

/** An object of a deployment, by its name. @public */
export const objectNameSchema = z.object({
  group: z.string().optional(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
});

/** Something that shows that an explanation is right. @public */
export const evidenceSchema = z.object({
  /**
   * - `log`: the last lines of a container
   * - `event`: what a controller recorded
   * - `status`: what an object says of itself
   * - `message`: what the source of the deployment says
   */
  kind: z.enum(['log', 'event', 'status', 'message']),
  object: objectNameSchema.optional(),
  container: z.string().optional(),
  /** Whether a log is of the container before its last restart. */
  previous: z.boolean().optional(),
  /** In the system's own words; what may be secret is masked. */
  lines: z.array(z.string()),
  /** How often it happened. */
  count: z.number().int().optional(),
  at: z.iso.datetime().optional(),
});

/** Why a deployment is as it is. @public */
export const explanationSchema = z.object({
  cause: causeSchema,
  /** One sentence. */
  summary: z.string(),
  /** What to do about it. */
  nextStep: z.string(),
  evidence: z.array(evidenceSchema),
});

/** `GET /services/:namespace/:kind/:name/environments/:environment/explanation` @public */
export const explanationResponseSchema = z.object({
  /** What is explained, as the source calls it. */
  deployment: z.string(),
  /** Undefined if nothing is wrong, or nothing is known. */
  explanation: explanationSchema.optional(),
  /** What else is wrong: it may be gone with the first, or not. */
  others: z.array(explanationSchema),
  /** What could not be asked, each in a sentence. */
  gaps: z.array(z.string()),
  /** Of what was looked at. */
  freshness: z.array(freshnessSchema),
});

/** @public */
export type Cause = z.infer<typeof causeSchema>;
/** @public */
export type ObjectName = z.infer<typeof objectNameSchema>;
/** @public */
export type Evidence = z.infer<typeof evidenceSchema>;
/** @public */
export type Explanation = z.infer<typeof explanationSchema>;
/** @public */
export type ExplanationResponse = z.infer<typeof explanationResponseSchema>;
