import { z } from 'zod';

/** A copy of upstream data that the portal holds, and how current it is. @public */
export const heldDataSchema = z.object({
  /** Such as `applications`. */
  name: z.string(),
  /** When the system last confirmed it. */
  observedAt: z.iso.datetime().optional(),
  stale: z.boolean(),
  /** Why it is stale. */
  reason: z.string().optional(),
  /** How many objects are held. */
  items: z.number().int().optional(),
});

/** One instance of one system behind the portal. @public */
export const systemSchema = z.object({
  /** Such as `argocd`. */
  system: z.string(),
  /** Its name in the configuration, such as `main`. */
  instance: z.string(),
  url: z.string(),
  /**
   * `ok`: answers and knows us. `degraded`: answers, but something is wrong. `down`: does not answer.
   * `unknown`: has not been asked yet.
   */
  state: z.enum(['ok', 'degraded', 'down', 'unknown']),
  /** What is wrong, in a sentence. */
  problem: z.string().optional(),
  reachable: z.boolean().optional(),
  authenticated: z.boolean().optional(),
  version: z.string().optional(),
  /** Median of the last calls, in milliseconds. */
  latencyMs: z.number().optional(),
  breaker: z.enum(['closed', 'open', 'half-open']),
  inFlight: z.number().int(),
  queued: z.number().int(),
  held: z.array(heldDataSchema),
  lastError: z
    .object({
      at: z.iso.datetime(),
      operation: z.string(),
      message: z.string(),
    })
    .optional(),
  lastSuccessAt: z.iso.datetime().optional(),
  /** When it was last asked for the sake of this page. */
  checkedAt: z.iso.datetime().optional(),
});

/** `GET /systems` @public */
export const systemsResponseSchema = z.object({
  items: z.array(systemSchema),
  totalItems: z.number().int(),
});

/** Something of the sandbox that can happen on request. @public */
export const storySchema = z.object({
  name: z.string(),
  title: z.string(),
  summary: z.string(),
  look: z.string(),
  activeSince: z.iso.datetime().optional(),
});

/** A failure of a sandbox system. @public */
export const faultSchema = z
  .strictObject({
    latencyMs: z.number().int().min(0).max(120_000).optional(),
    rate: z.number().min(0).max(1).optional(),
    status: z.number().int().min(400).max(599).optional(),
    retryAfterSeconds: z.number().int().min(0).max(3600).optional(),
    resetAfterBytes: z.number().int().min(0).optional(),
    malformed: z.boolean().optional(),
    down: z.boolean().optional(),
    watchGone: z.boolean().optional(),
  })
  .refine(fault => Object.keys(fault).length > 0, {
    error: 'Expected at least one failure, such as {"status": 503}',
  });

/** `GET /sandbox` @public */
export const sandboxResponseSchema = z.object({
  systems: z.array(
    z.object({
      name: z.string(),
      path: z.string(),
      title: z.string(),
      summary: z.string(),
    }),
  ),
  stories: z.array(storySchema),
  faults: z.record(z.string(), faultSchema),
});

/** @public */
export type HeldData = z.infer<typeof heldDataSchema>;
/** @public */
export type PlatformSystem = z.infer<typeof systemSchema>;
/** @public */
export type SystemsResponse = z.infer<typeof systemsResponseSchema>;
/** @public */
export type SandboxStory = z.infer<typeof storySchema>;
/** @public */
export type SandboxFault = z.infer<typeof faultSchema>;
/** @public */
export type SandboxResponse = z.infer<typeof sandboxResponseSchema>;
