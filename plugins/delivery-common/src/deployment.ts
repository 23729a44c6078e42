import { z } from 'zod';

/** The channel of the signal that says that something changed. @public */
export const DELIVERY_CHANNEL = 'delivery';

/** How current a piece of data is. @public */
export const freshnessSchema = z.object({
  /** The system and instance it comes from, such as `argocd/main`. */
  source: z.string(),
  /** When the source last confirmed it. */
  observedAt: z.iso.datetime().optional(),
  /** Whether it may be out of date. */
  stale: z.boolean(),
  /** Why it is stale, in a sentence. */
  reason: z.string().optional(),
});

/** Whether what runs is what Git says. @public */
export const syncSchema = z.enum(['synced', 'out-of-sync', 'unknown']);

/** Whether what runs works. @public */
export const healthSchema = z.enum([
  'healthy',
  'progressing',
  'degraded',
  'suspended',
  'missing',
  'unknown',
]);

/**
 * Sync and health in one word, worst first: `critical` (it does not work), `attention` (it works, but is not what Git
 * says, or somebody has to act), `progressing`, `unknown`, `healthy`.
 *
 * @public
 */
export const deliveryStateSchema = z.enum([
  'critical',
  'attention',
  'progressing',
  'unknown',
  'healthy',
]);

/** What the source was last asked to do. @public */
export const operationSchema = z.object({
  phase: z.enum(['running', 'succeeded', 'failed']),
  /** In the source's words. */
  message: z.string().optional(),
  startedAt: z.iso.datetime().optional(),
  finishedAt: z.iso.datetime().optional(),
});

/** Who let a version loose. @public */
export const initiatorSchema = z.object({
  /** The name at the source; undefined if it was nobody. */
  name: z.string().optional(),
  /** Whether the source did it by itself, because Git changed. */
  automated: z.boolean(),
});

/** A service in an environment. @public */
export const deploymentSchema = z.object({
  /** Stable, and unique among all deployments. */
  id: z.string(),
  /** Name of one of `waystone.environments`; undefined if it is in none of them. */
  environment: z.string().optional(),
  /** Where it runs. */
  cluster: z.string().optional(),
  namespace: z.string().optional(),
  /** What the source calls it. */
  name: z.string(),
  /** The source's page of it, for people. */
  url: z.string().optional(),
  state: deliveryStateSchema,
  /** Why it is in this state, in a sentence; undefined if it is healthy. */
  reason: z.string().optional(),
  sync: syncSchema,
  health: healthSchema,
  /** Since when it is in this health. */
  healthSince: z.iso.datetime().optional(),
  /** The tag of the service's image, or the digest if it has no tag. */
  version: z.string().optional(),
  images: z.array(z.string()),
  /** The commit that it was made from. */
  revision: z.string().optional(),
  /** How many objects differ from Git. */
  drifted: z.number().int(),
  /** When the version got there. */
  deployedAt: z.iso.datetime().optional(),
  deployedBy: initiatorSchema.optional(),
  operation: operationSchema.optional(),
  /** Whether the environment before has another version. */
  behind: z.boolean(),
  /** Where it is known from, such as `argocd/main`: how current that is, is said once for each source. */
  source: z.string(),
});

/** @public */
export type Freshness = z.infer<typeof freshnessSchema>;
/** @public */
export type Sync = z.infer<typeof syncSchema>;
/** @public */
export type Health = z.infer<typeof healthSchema>;
/** @public */
export type DeliveryState = z.infer<typeof deliveryStateSchema>;
/** @public */
export type Operation = z.infer<typeof operationSchema>;
/** @public */
export type Initiator = z.infer<typeof initiatorSchema>;
/** @public */
export type Deployment = z.infer<typeof deploymentSchema>;

/** States from the worst to the best. @public */
export const DELIVERY_STATES: readonly DeliveryState[] =
  deliveryStateSchema.options;

/** The worst of several states; `unknown` of none. @public */
export function worstState(states: Iterable<DeliveryState>): DeliveryState {
  const found = new Set(states);
  return DELIVERY_STATES.find(state => found.has(state)) ?? 'unknown';
}
