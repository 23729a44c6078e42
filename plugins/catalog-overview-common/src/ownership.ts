import { z } from 'zod';
import { overviewLinkSchema } from './overview';

/** How many people, teams or owned entities an answer names; its totals say how many there are. @public */
export const OWNERSHIP_LIST_SIZE = 100;

/** How many unowned entities a page holds if nothing else is asked for. @public */
export const UNOWNED_PAGE_SIZE = 50;

/** What an unowned export holds at most. @public */
export const UNOWNED_MOST_EXPORTED = 50_000;

/** Somebody in a team. @public */
export const ownershipPersonSchema = z.object({
  /** The full entity ref, in lower case. */
  entityRef: z.string(),
  title: z.string(),
  email: z.string().optional(),
  picture: z.string().optional(),
  /** Whether the team names her as one who leads it. */
  leads: z.boolean(),
});

/** A team beside the one that is looked at, or one of a person. @public */
export const ownershipTeamSchema = z.object({
  entityRef: z.string(),
  title: z.string(),
  type: z.string().optional(),
  members: z.number().int(),
  /** How many entities it owns itself. */
  owns: z.number().int(),
});

/** Something that is owned. @public */
export const ownershipItemSchema = z.object({
  entityRef: z.string(),
  title: z.string(),
  kind: z.string(),
  type: z.string().optional(),
  lifecycle: z.string().optional(),
  tier: z.string().optional(),
  owner: z.object({ entityRef: z.string(), title: z.string() }),
  /** Left out if the caller may not know. */
  errors: z.number().int().optional(),
  warnings: z.number().int().optional(),
});

/** The answer of `GET /waystone/ownership/:kind/:namespace/:name`, of a group or a user. @public */
export const ownershipResponseSchema = z.object({
  entityRef: z.string(),
  contact: z.object({
    email: z.string().optional(),
    chat: overviewLinkSchema.optional(),
    onCall: z.string().optional(),
    docs: z.string().optional(),
    links: z.array(overviewLinkSchema),
  }),
  /** Of a group. */
  members: z.object({
    items: z.array(ownershipPersonSchema),
    total: z.number().int(),
  }),
  /** The group above a group. */
  parent: z.object({ entityRef: z.string(), title: z.string() }).optional(),
  /** The groups below a group, or the groups of a person. */
  teams: z.object({
    items: z.array(ownershipTeamSchema),
    total: z.number().int(),
  }),
  /** What it owns, itself and by the groups below, or what a person owns, herself and by her groups. */
  owned: z.object({
    items: z.array(ownershipItemSchema),
    total: z.number().int(),
    /** How many of them it owns itself. */
    direct: z.number().int(),
    kinds: z.array(z.object({ kind: z.string(), count: z.number().int() })),
  }),
  /** Of all that is owned, if the caller may know all of them. */
  problems: z
    .object({ errors: z.number().int(), warnings: z.number().int() })
    .optional(),
});

/**
 * Why nobody looks after an entity: it names no owner; the catalog never had the owner; the owner left the catalog;
 * or nobody is in the group that owns it.
 *
 * @public
 */
export const unownedReasonSchema = z.enum([
  'missing',
  'unknown',
  'left',
  'empty',
]);

/** The query of `GET /waystone/unowned`. @public */
export const unownedQuerySchema = z.object({
  reason: unownedReasonSchema.optional(),
  /** Only entities of this kind. */
  kind: z.string().max(100).optional(),
  /** Only entities that name this owner, as a full entity ref. */
  owner: z.string().max(500).optional(),
  /** Only what has this in its entity ref or title. */
  q: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(UNOWNED_PAGE_SIZE),
  /** The `nextCursor` of the page before. */
  cursor: z.coerce.number().int().min(0).default(0),
});

/** @public */
export const unownedItemSchema = z.object({
  entityRef: z.string(),
  title: z.string(),
  kind: z.string(),
  type: z.string().optional(),
  lifecycle: z.string().optional(),
  tier: z.string().optional(),
  reason: unownedReasonSchema,
  /** The owner that it names. */
  owner: z.string().optional(),
});

/** @public */
export const unownedResponseSchema = z.object({
  items: z.array(unownedItemSchema),
  totalItems: z.number().int(),
  pageInfo: z.object({ nextCursor: z.string().optional() }),
  /** Of all, whatever the filters. */
  summary: z.object({
    total: z.number().int(),
    reasons: z.array(
      z.object({ reason: unownedReasonSchema, count: z.number().int() }),
    ),
    kinds: z.array(z.object({ kind: z.string(), count: z.number().int() })),
    owners: z.array(
      z.object({ entityRef: z.string(), count: z.number().int() }),
    ),
  }),
});

/** @public */
export type OwnershipPerson = z.infer<typeof ownershipPersonSchema>;
/** @public */
export type OwnershipTeam = z.infer<typeof ownershipTeamSchema>;
/** @public */
export type OwnershipItem = z.infer<typeof ownershipItemSchema>;
/** @public */
export type OwnershipResponse = z.infer<typeof ownershipResponseSchema>;
/** @public */
export type UnownedReason = z.infer<typeof unownedReasonSchema>;
/** @public */
export type UnownedQuery = z.infer<typeof unownedQuerySchema>;
/** @public */
export type UnownedItem = z.infer<typeof unownedItemSchema>;
/** @public */
export type UnownedResponse = z.infer<typeof unownedResponseSchema>;
