import { z } from 'zod';

/** How many entities a page of impact holds if nothing else is asked for. @public */
export const IMPACT_PAGE_SIZE = 50;

/** The query of `GET /waystone/impact/:kind/:namespace/:name`. @public */
export const impactQuerySchema = z.object({
  /**
   * `dependents`: who breaks if this is down. `dependencies`: what this needs.
   */
  direction: z.enum(['dependents', 'dependencies']).default('dependents'),
  /** Only entities of this owner, as a full entity ref. */
  owner: z.string().max(500).optional(),
  /** Only entities of this kind, in lower case. */
  kind: z.string().max(100).optional(),
  /** Only entities whose ref has this in it. */
  q: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(IMPACT_PAGE_SIZE),
  /** The `nextCursor` of the page before. */
  cursor: z.coerce.number().int().min(0).default(0),
});

/** An entity that is reached. @public */
export const impactItemSchema = z.object({
  /** The full entity ref, in lower case. */
  entityRef: z.string(),
  title: z.string(),
  kind: z.string(),
  type: z.string().optional(),
  lifecycle: z.string().optional(),
  tier: z.string().optional(),
  /** Entity refs. */
  owner: z.string().optional(),
  system: z.string().optional(),
  /** 1 is next to the entity that was asked for. */
  depth: z.number().int(),
  /** The entity by which it is reached, on a shortest way. */
  via: z.string(),
  /** Whether the catalog has it; what is only referred to has no other fields. */
  exists: z.boolean(),
});

/** The answer. @public */
export const impactResponseSchema = z.object({
  items: z.array(impactItemSchema),
  /** How many match the filters. */
  totalItems: z.number().int(),
  pageInfo: z.object({ nextCursor: z.string().optional() }),
  /** Of all that is reached, whatever the filters. */
  summary: z.object({
    total: z.number().int(),
    /** The most affected first. Without an owner: those that have none. */
    owners: z.array(
      z.object({
        entityRef: z.string().optional(),
        count: z.number().int(),
      }),
    ),
    kinds: z.array(z.object({ kind: z.string(), count: z.number().int() })),
    depths: z.array(
      z.object({ depth: z.number().int(), count: z.number().int() }),
    ),
    /** Whether some way leads back to the entity that was asked for. */
    cyclic: z.boolean(),
    /** Whether there were more than could be followed. */
    truncated: z.boolean(),
  }),
});

/** @public */
export type ImpactQuery = z.infer<typeof impactQuerySchema>;
/** @public */
export type ImpactDirection = ImpactQuery['direction'];
/** @public */
export type ImpactItem = z.infer<typeof impactItemSchema>;
/** @public */
export type ImpactResponse = z.infer<typeof impactResponseSchema>;
